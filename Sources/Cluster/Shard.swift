/// One of several parts of a piece of work: part `index` of `count`, counted from 1.
///
/// The work is cut into pieces that do not depend on the number of parts; the parts share the pieces out.
/// Piece p of task t belongs to part 1 + (p + t) mod count, so that tasks of few pieces do not all fall to
/// the first part.
public struct Shard: Sendable, Hashable {
  /// Which part, from 1 to ``count``.
  public let index: Int
  /// How many parts there are.
  public let count: Int

  /// The most parts that work is cut into.
  public static let most = 100_000

  /// Part `index` of `count`; nil where there is no such part.
  public init?(_ index: Int, of count: Int) {
    guard (1...Self.most).contains(count), (1...count).contains(index) else { return nil }
    (self.index, self.count) = (index, count)
  }

  /// A part written as `2/4`; nil for any other text.
  public init?(_ text: String) {
    let numbers = text.split(separator: "/", omittingEmptySubsequences: false)
    guard numbers.count == 2, let index = Int(numbers[0]), let count = Int(numbers[1]) else { return nil }
    self.init(index, of: count)
  }

  /// Which of `count` parts a piece belongs to.
  static func owner(of place: PartRecord.Place, among count: Int) -> Int {
    1 + (place.piece + place.task) % count
  }

  /// Whether a piece belongs to this part.
  func owns(_ place: PartRecord.Place) -> Bool { Self.owner(of: place, among: count) == index }
}

extension Shard: CustomStringConvertible {
  /// Such as `2/4`.
  public var description: String { "\(index)/\(count)" }
}
