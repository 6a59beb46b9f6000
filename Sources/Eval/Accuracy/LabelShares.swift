import Glibc

/// How often each label occurs among images, from the labels that a classifier gave them and the mistakes
/// that it makes.
///
/// Of images of true label t a share C[t][p] is taken for p; what is given label p is then the mixture
/// Σₜ q[t]·C[t][p] of the true shares q. The shares are those under which the counts h[p] are likeliest,
///
///     log L(q) = Σₚ h[p] log Σₜ q[t]·C[t][p],   q[t] ≥ 0,   Σ q[t] = 1,
///
/// found by expectation maximisation (Dempster, Laird and Rubin 1977; for label shares: Saerens, Latinne and
/// Decaestecker, "Adjusting the outputs of a classifier to new a priori probabilities", Neural Computation
/// 14 (2002), 21–41). Unlike C⁻ᵀh / N it needs no inverse, gives no negative share, and where labels cannot
/// be told apart it finds one of the equally likely answers.
///
/// What speaks against a share is the logarithm of a likelihood ratio, which for N images of a classifier
/// without mistakes is N times Kullback and Leibler's divergence: exp of minus it bounds the tail of the
/// binomial distribution (Chernoff 1952). C is itself counted on n real images: the variance of a predicted
/// share of N further real ones is then at most 1 + N/n times as large, and the ratio is divided by as much.
///
/// Presumes that the classifier errs on these images as on real ones: says nothing of how good they are.
public struct LabelShares: Equatable, Sendable {
  /// q, `[L]`; sums to 1.
  public let shares: [Double]
  /// How often each label occurs among the real images that C was counted on, `[L]`; sums to 1.
  public let realShares: [Double]
  /// h, `[L]`.
  public let counts: [Int]
  /// C, `[L, L]`.
  private let confusion: [Double]
  private let logLikelihood: Double
  /// 1 / (1 + N/n)
  private let weight: Double

  /// Fits end where log L is within this of its maximum, or after so many steps; what is left of it is
  /// counted in favour of the share in question.
  private static let tolerance = 1e-4
  private static let mostSteps = 4000

  /// Finds the likeliest shares by expectation maximisation.
  ///
  /// - Parameters:
  ///   - counts: images that were given each label, `[L]`, one at least.
  ///   - matrix: M[t][p] real images of label t that were given p, `[L, L]`. A label without real images is
  ///     one of which nothing is known.
  public init(counts: [Int], confusion matrix: [[Int]]) {
    let labels = counts.count
    precondition(
      labels > 0 && counts.contains { $0 > 0 } && matrix.count == labels
        && matrix.allSatisfy { $0.count == labels },
      "LabelShares: \(labels) counts and a matrix of \(matrix.count) rows")
    self.counts = counts
    let rows = matrix.map { Double($0.reduce(0, +)) }
    let total = max(1, rows.reduce(0, +))
    realShares = rows.map { $0 / total }
    // One image more for each label, spread evenly: no mistake is impossible for not having been seen.
    confusion = zip(matrix, rows).flatMap { row, sum in
      row.map { (Double($0) + 1 / Double(labels)) / (sum + 1) }
    }
    let start = [Double](repeating: 1 / Double(labels), count: labels)
    let fit = Self.fit(counts, confusion, start: start, groups: [Array(0..<labels)])
    shares = fit.shares
    logLikelihood = fit.logLikelihood
    // The variance of Σ q[t]·C[t][p] is Σ q[t]²·C[t][p](1 - C[t][p]) / n[t]; for real images q[t] = n[t] / n.
    weight = 1 / (1 + Double(counts.reduce(0, +)) / total)
  }

  /// N
  public var count: Int { counts.reduce(0, +) }

  /// What speaks against a label's share being `share` or more: 0 where the likeliest is, else how much
  /// the logarithm of the likelihood falls.
  public func evidence(against label: Int, beingAtLeast share: Double) -> Double {
    evidence(against: [label], beingAtLeast: share)
  }

  /// The same for the sum of several labels' shares.
  ///
  /// - Parameters:
  ///   - labels: different ones.
  ///   - share: of all of them together, in [0, 1].
  public func evidence(against labels: [Int], beingAtLeast share: Double) -> Double {
    labels.reduce(0) { $0 + shares[$1] } >= share ? 0 : fall(labels, share)
  }

  /// The same against `share` or less.
  public func evidence(against label: Int, beingAtMost share: Double) -> Double {
    shares[label] <= share ? 0 : fall([label], share)
  }

  /// The shares of a label that `bound` does not exclude: 1.92 gives a 95 % interval.
  public func interval(of label: Int, bound: Double = 1.92) -> ClosedRange<Double> {
    func limit(_ inside: Double, _ outside: Double) -> Double {
      guard fall([label], outside) > bound else { return outside }
      var (inside, outside) = (inside, outside)
      for _ in 0..<12 {
        let middle = (inside + outside) / 2
        if fall([label], middle) > bound { outside = middle } else { inside = middle }
      }
      return inside
    }
    let share = min(1, shares[label])
    return limit(share, 0)...limit(share, 1)
  }

  /// How much log L falls where these labels have a share in all.
  private func fall(_ labels: [Int], _ share: Double) -> Double {
    let others = shares.indices.filter { !labels.contains($0) }
    guard !labels.isEmpty, !others.isEmpty else { return 0 }
    // Nothing can grow from 0.
    let start = shares.map { 0.9 * $0 + 0.1 / Double(shares.count) }
    var scaled = start
    for (group, part) in [(labels, share), (others, 1 - share)] {
      let scale = part / group.reduce(0) { $0 + start[$1] }
      for label in group { scaled[label] *= scale }
    }
    let fit = Self.fit(counts, confusion, start: scaled, groups: [labels, others])
    return max(0, logLikelihood - fit.logLikelihood - fit.gap) * weight
  }

  /// - Parameter groups: of labels whose share in all stays as it is at the start.
  private static func fit(
    _ counts: [Int], _ confusion: [Double], start: [Double], groups: [[Int]]
  ) -> (shares: [Double], logLikelihood: Double, gap: Double) {
    let labels = counts.count
    let parts = groups.map { $0.reduce(0) { $0 + start[$1] } }
    var shares = start
    var step = 0
    while true {
      var mixture = [Double](repeating: 0, count: labels)
      for t in 0..<labels where shares[t] > 0 {
        for p in 0..<labels { mixture[p] += shares[t] * confusion[t * labels + p] }
      }
      let ratios = (0..<labels).map { counts[$0] == 0 ? 0 : Double(counts[$0]) / mixture[$0] }
      let gains = (0..<labels).map { t in
        (0..<labels).reduce(0) { $0 + ratios[$1] * confusion[t * labels + $1] }
      }
      // The gains are the gradient; that log L is concave in q bounds what is left of it.
      var gap = 0.0
      for (group, part) in zip(groups, parts) {
        let own = group.reduce(0) { $0 + shares[$1] * gains[$1] }
        gap += part * (group.map { gains[$0] }.max() ?? 0) - own
      }
      if gap < tolerance || step == mostSteps {
        let value = (0..<labels).reduce(0.0) {
          counts[$1] == 0 ? $0 : $0 + Double(counts[$1]) * log(mixture[$1])
        }
        return (shares, value, max(0, gap))
      }
      for (group, part) in zip(groups, parts) where part > 0 {
        let own = group.reduce(0) { $0 + shares[$1] * gains[$1] }
        for t in group { shares[t] *= gains[t] * part / own }
      }
      step += 1
    }
  }
}
