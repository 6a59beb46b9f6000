import Glibc

/// One axis of a chart: what it shows, from where to where, and how its numbers are written. Linear.
public struct Axis: Sendable, Hashable {
  /// What is shown and in which unit, beside the axis; left out where it is empty.
  public var title: String
  /// What is shown; without it, what the data need.
  public var range: ClosedRange<Double>?
  /// How the numbers at the ticks are written.
  public var format: NumberFormat

  /// An axis that fits the data, unless a range is given.
  ///
  /// - Parameters:
  ///   - title: what is shown and in which unit; none where it is empty.
  ///   - range: also cuts off what lies outside.
  ///   - format: how the numbers at the ticks are written.
  public init(_ title: String = "", range: ClosedRange<Double>? = nil, format: NumberFormat = .plain) {
    self.title = title
    self.range = range
    self.format = format
  }

  /// The scale for `values`.
  ///
  /// - Parameter expands: whether a range that comes from the data grows to the next ticks.
  package func scale(for values: [Double], ticks count: Int, expands: Bool) -> Scale {
    if let range { return Scale(range: Self.usable(range), ticks: count, format: format) }
    let finite = values.filter(\.isFinite)
    guard let least = finite.min(), let largest = finite.max() else {
      return Scale(range: 0...1, ticks: count, format: format)
    }
    let range = Self.usable(least...largest)
    guard expands else { return Scale(range: range, ticks: count, format: format) }
    let step = Ticks(in: range, atMost: count).step
    let lower = (range.lowerBound / step + 1e-9).rounded(.down) * step
    let upper = (range.upperBound / step - 1e-9).rounded(.up) * step
    return Scale(range: Self.usable(lower...upper), ticks: count, format: format)
  }

  /// The range, made wide enough to divide by, with finite bounds.
  private static func usable(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    let (least, limit) = (1e-300, 1e300)
    let lower = min(max(range.lowerBound, -limit), limit)
    let upper = min(max(range.upperBound, -limit), limit)
    // Ticks take powers of ten of the width.
    guard upper - lower <= max(least, 1e-9 * max(abs(lower), abs(upper))) else { return lower...upper }
    let margin = max(abs(lower), 1) / 2
    return lower - margin...upper + margin
  }
}

/// A range with its ticks: where a value stands between the two ends of an axis.
package struct Scale: Sendable, Hashable {
  package let range: ClosedRange<Double>
  package let ticks: [Double]
  package let labels: [String]

  package init(range: ClosedRange<Double>, ticks count: Int, format: NumberFormat) {
    let ticks = Ticks(in: range, atMost: count)
    let decimals = format == .percent ? max(0, ticks.decimals - 2) : ticks.decimals
    self.range = range
    self.ticks = ticks.values
    self.labels = ticks.values.map { format.text($0, decimals: decimals) }
  }

  /// 0 at the lower end of the range, 1 at the upper, beyond them outside.
  package func fraction(of value: Double) -> Double {
    (value - range.lowerBound) / (range.upperBound - range.lowerBound)
  }
}
