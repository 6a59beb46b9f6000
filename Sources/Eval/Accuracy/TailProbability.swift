import Glibc

/// Exact probabilities of counts at least, or at most, as large as one that was seen.
///
/// With C(n, k) the binomial coefficients:
///
///     binomial        P(X = k) = C(n, k) pᵏ (1 - p)ⁿ⁻ᵏ
///     hypergeometric  P(X = k) = C(K, k) C(N - K, n - k) / C(N, n)
///     Poisson         P(X = k) = λᵏ e^(-λ) / k!
///
/// The hypergeometric one compares two shares without knowing the common one (R. A. Fisher, Statistical
/// Methods for Research Workers, 1934, §21.02): of N images of two sets K have a property, and n are the
/// first set. Normal approximations of such tails are wrong by factors where fewer than about ten are
/// expected, which is where copies are counted.
///
/// One tail at a time; two-sided tests are for the caller to make.
public enum TailProbability {
  /// P(X ≥ k) of n trials that succeed with probability p.
  public static func binomial(atLeast k: Int, of n: Int, _ p: Double) -> Double {
    precondition(n >= 0 && (0...1).contains(p), "TailProbability: \(n) trials of probability \(p)")
    if k <= 0 { return 1 }
    if k > n || p == 0 { return 0 }
    if p == 1 { return 1 }
    return sum(k...n) {
      logChoose(n, $0) + Double($0) * log(p) + Double(n - $0) * log1p(-p)
    }
  }

  /// P(X ≤ k), likewise.
  public static func binomial(atMost k: Int, of n: Int, _ p: Double) -> Double {
    binomial(atLeast: n - k, of: n, 1 - p)
  }

  /// P(X ≥ k): of `n` drawn from `total`, of which `marked` are marked, that k or more are.
  public static func hypergeometric(atLeast k: Int, of n: Int, marked: Int, total: Int) -> Double {
    precondition(
      (0...total).contains(n) && (0...total).contains(marked),
      "TailProbability: \(n) drawn and \(marked) marked of \(total)")
    if k <= max(0, n + marked - total) { return 1 }
    if k > min(n, marked) { return 0 }
    let whole = logChoose(total, n)
    return sum(k...min(n, marked)) {
      logChoose(marked, $0) + logChoose(total - marked, n - $0) - whole
    }
  }

  /// P(X ≥ k) of a Poisson variable of mean λ.
  public static func poisson(atLeast k: Int, mean: Double) -> Double {
    precondition(mean >= 0, "TailProbability: a mean of \(mean)")
    if k <= 0 { return 1 }
    if mean == 0 { return 0 }
    // Beyond the mean terms fall faster than those of a geometric series; below it, the rest is summed.
    if Double(k) <= mean { return max(0, 1 - sum(0...k - 1) { term($0, mean) }) }
    var (total, index) = (0.0, k)
    while true {
      let probability = exp(term(index, mean))
      total += probability
      if probability <= total * .ulpOfOne { return min(1, total) }
      index += 1
    }
  }

  /// The probability that the first of two shares is as large as it is, or larger, if both were the same.
  public static func isLarger(_ first: Proportion, than second: Proportion) -> Double {
    hypergeometric(
      atLeast: first.correct, of: first.count, marked: first.correct + second.correct,
      total: first.count + second.count)
  }

  /// The same for as small, or smaller.
  public static func isSmaller(_ first: Proportion, than second: Proportion) -> Double {
    isLarger(
      Proportion(correct: first.count - first.correct, count: first.count),
      than: Proportion(correct: second.count - second.correct, count: second.count))
  }

  private static func sum(_ range: ClosedRange<Int>, _ logarithm: (Int) -> Double) -> Double {
    min(1, range.reduce(0) { $0 + exp(logarithm($1)) })
  }

  private static func term(_ k: Int, _ mean: Double) -> Double {
    Double(k) * log(mean) - mean - logFactorial(k)
  }

  private static func logChoose(_ n: Int, _ k: Int) -> Double {
    logFactorial(n) - logFactorial(k) - logFactorial(n - k)
  }

  private static func logFactorial(_ n: Int) -> Double { lgamma(Double(n) + 1) }
}
