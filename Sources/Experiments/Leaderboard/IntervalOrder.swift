/// The order of things that are known to within an interval: one is before another where its whole interval
/// is.
///
/// The rank is one more than the number of things before it. Whose intervals overlap are not told apart, and
/// may share a rank; so may things that are.
///
/// For normal errors of one size, intervals of 95 % that do not overlap lie 2.8 errors of the difference
/// apart: of two equal things, 1 in 180 pairs is told apart, less than the 1 in 20 of a test of one pair, for
/// many pairs are looked at.
package struct IntervalOrder {
  /// Turned round where more is better, so that less is before more.
  private let intervals: [ClosedRange<Double>?]
  private let lower, upper: [Double]

  /// - Parameter intervals: nil for what is not known, which is before and behind nothing.
  package init(_ intervals: [ClosedRange<Double>?], lowerIsBetter: Bool = true) {
    let turned = intervals.map { interval in
      interval.map { lowerIsBetter ? $0 : -$0.upperBound...(-$0.lowerBound) }
    }
    self.intervals = turned
    lower = turned.compactMap { $0?.lowerBound }.sorted()
    upper = turned.compactMap { $0?.upperBound }.sorted()
  }

  package func isBefore(_ a: Int, _ b: Int) -> Bool {
    guard let first = intervals[a], let second = intervals[b] else { return false }
    return first.upperBound < second.lowerBound
  }

  /// nil for what is not known.
  package func rank(_ index: Int) -> Int? {
    intervals[index].map { interval in 1 + Self.count(upper) { $0 < interval.lowerBound } }
  }

  /// Whether another interval overlaps with this one.
  package func isTied(_ index: Int) -> Bool {
    guard let interval = intervals[index] else { return false }
    let before = Self.count(upper) { $0 < interval.lowerBound }
    let notBehind = Self.count(lower) { $0 <= interval.upperBound }
    return notBehind - before > 1
  }

  /// How many of the sorted numbers fulfil what holds for the first of them.
  private static func count(_ sorted: [Double], _ holds: (Double) -> Bool) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if holds(sorted[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
