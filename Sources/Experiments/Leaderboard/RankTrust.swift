/// How far the ranks of a leaderboard may be trusted: which pairs of entries the ranking judge tells apart,
/// and what the other judges say of those.
///
/// Two things told apart are in an order beyond their errors (`IntervalOrder`). Another judge may order
/// them alike, the other way round, or not tell them apart. That judges agree does not make them right: they
/// may share what they do not see.
public struct RankTrust: Codable, Equatable, Sendable {
  /// Pairs told apart by the ranking judge, by what another says of them.
  public struct Opinion: Codable, Equatable, Sendable {
    /// Ordered the same way by the other judge, beyond its own errors.
    public internal(set) var alike = 0
    /// The other way round, beyond its own errors.
    public internal(set) var reversed = 0
    /// Not told apart, or not scored.
    public internal(set) var undecided = 0
    /// How alike all pairs are ordered, errors or not, from -1 to 1: Kendall's τ. 0 of fewer than two
    /// entries.
    public let agreement: Double
  }

  /// Pairs of entries.
  public let pairs: Int
  /// … whose 95 % intervals by the ranking judge do not overlap.
  public let toldApart: Int
  /// Of these, those that every other judge orders alike.
  public let agreed: Int
  /// Of these, those that one or more of the others order the other way round.
  public let disputed: Int
  /// By the other judges' names.
  public let opinions: [String: Opinion]

  /// - Parameters:
  ///   - order: of the ranking judge, over `count` entries.
  ///   - others: by the other judges' names: their order, and how alike all pairs are.
  ///   - dispute: gets each disputed pair, with the names of those who would turn it round, in order.
  package init(
    _ order: IntervalOrder, count: Int, others: [String: (order: IntervalOrder, agreement: Double)],
    dispute: (_ before: Int, _ behind: Int, _ judges: [String]) -> Void
  ) {
    let names = others.keys.sorted()
    let orders = names.compactMap { others[$0]?.order }
    var opinions = names.compactMap { others[$0].map { Opinion(agreement: $0.agreement) } }
    var (toldApart, agreed, disputed) = (0, 0, 0)
    for a in 0..<count {
      for b in 0..<count where order.isBefore(a, b) {
        toldApart += 1
        var (isAgreed, against): (Bool, [String]) = (true, [])
        for (index, other) in orders.enumerated() {
          if other.isBefore(a, b) {
            opinions[index].alike += 1
            continue
          }
          isAgreed = false
          if other.isBefore(b, a) {
            opinions[index].reversed += 1
            against.append(names[index])
          } else {
            opinions[index].undecided += 1
          }
        }
        agreed += isAgreed ? 1 : 0
        guard !against.isEmpty else { continue }
        disputed += 1
        dispute(a, b, against)
      }
    }
    pairs = count * (count - 1) / 2
    (self.toldApart, self.agreed, self.disputed) = (toldApart, agreed, disputed)
    self.opinions = Dictionary(uniqueKeysWithValues: zip(names, opinions))
  }
}
