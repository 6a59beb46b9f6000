import Glibc

/// Round numbers in a range: multiples of 1, 2 or 5 times a power of ten.
package struct Ticks: Sendable, Hashable {
  /// Ascending; each is the double nearest to its decimal.
  package let values: [Double]
  /// Distance between neighbours.
  package let step: Double
  /// Decimals that tell neighbours apart; 0 where the step is a whole number.
  package let decimals: Int

  /// As many ticks inside the range as possible, but no more than `count`.
  ///
  /// - Precondition: the bounds are finite and differ, and `count` ≥ 2.
  package init(in range: ClosedRange<Double>, atMost count: Int) {
    precondition(range.lowerBound < range.upperBound && count >= 2, "no ticks on an empty range")
    let least = (range.upperBound / Double(count - 1)) - (range.lowerBound / Double(count - 1))
    var exponent = Int(log10(least).rounded(.down))
    let mantissa = least / Self.power(exponent)
    var multiple = [1.0, 2, 5, 10].first { mantissa <= $0 * (1 + 1e-9) } ?? 10
    if multiple == 10 { (multiple, exponent) = (1, exponent + 1) }

    // Dividing by a power of ten rounds once; multiplying by 0.1 would round twice (0.30000000000000004).
    let scale = Self.power(abs(exponent))
    func value(_ index: Double) -> Double {
      let whole = index * multiple
      return whole == 0 ? 0 : (exponent < 0 ? whole / scale : whole * scale)
    }
    let step = value(1)
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    self.step = step
    self.decimals = max(0, -exponent)
    self.values = last >= first ? (0...Int(min(last - first, 1000))).map { value(first + Double($0)) } : []
  }

  private static func power(_ exponent: Int) -> Double { pow(10, Double(exponent)) }
}
