import Glibc

/// McNemar's test: do two classifiers, or two attacks, differ on the same images?
///
/// Only the images that one has right and the other wrong say anything: b of one kind, c of the other. If
/// both were equally good, b would be binomial with n = b + c and p = ½. The p-value is the exact two-sided
/// one, 2·P(X ≤ min(b, c)), at most 1. Source: Q. McNemar, "Note on the sampling error of the difference
/// between correlated proportions or percentages", Psychometrika 12 (1947), 153–157; in its exact form.
///
/// Unlike two intervals laid side by side it uses that the images are the same.
public struct McNemar: Hashable, Sendable {
  /// Right by the first only, and by the second only.
  public let firstOnly, secondOnly: Int

  /// Counts the images on which only one of the two is right, from a flag for each image.
  ///
  /// - Precondition: both lists are of the same images.
  public init(_ first: [Bool], _ second: [Bool]) {
    precondition(first.count == second.count, "McNemar: \(first.count) and \(second.count) images")
    firstOnly = zip(first, second).count { $0 && !$1 }
    secondOnly = zip(first, second).count { !$0 && $1 }
  }

  /// The probability of a difference as large as this one, were there none.
  public var pValue: Double {
    let (n, fewer) = (firstOnly + secondOnly, min(firstOnly, secondOnly))
    guard n > 0 else { return 1 }
    // The binomial coefficients one after the other, as logarithms: 2⁻ⁿ alone would vanish.
    var (logarithm, tail) = (-Double(n) * log(2), 0.0)
    for k in 0...fewer {
      if k > 0 { logarithm += log(Double(n - k + 1) / Double(k)) }
      tail += exp(logarithm)
    }
    return min(1, 2 * tail)
  }
}
