import Foundation

/// Numbers and lines as people read them.
package enum Text {
  /// 0.9253 → "92.5 %"
  package static func percent(_ value: Double, digits: Int = 1) -> String {
    fixed(100 * value, digits) + " %"
  }

  package static func fixed(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }

  /// 0.925...0.931 → "92.5–93.1"
  package static func percents(_ interval: ClosedRange<Double>) -> String {
    "\(fixed(100 * interval.lowerBound, 1))–\(fixed(100 * interval.upperBound, 1))"
  }

  /// At most four significant digits, without trailing zeros.
  package static func short(_ value: Double) -> String { String(format: "%.4g", value) }

  /// Each line once, where it stands first.
  package static func distinct(_ lines: [String]) -> [String] {
    lines.indices.filter { lines.firstIndex(of: lines[$0]) == $0 }.map { lines[$0] }
  }
}
