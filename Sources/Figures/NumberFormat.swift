import Files
import FoundationEssentials
import Glibc

/// How a chart writes numbers.
public enum NumberFormat: Sendable, Hashable {
  /// The number as it is.
  case plain
  /// A share of one in percent: 0.63 is "63 %".
  case percent

  /// `value` with so many decimals (of the percentage, for ``percent``). Very large and very small numbers
  /// get an exponent instead.
  public func text(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return "–" }
    switch self {
    case .plain: return Self.digits(value, decimals: decimals)
    case .percent: return "\(Self.digits(value * 100, decimals: decimals)) %"
    }
  }

  private static func digits(_ value: Double, decimals: Int) -> String {
    let needsExponent = abs(value) >= 1e7 || decimals > 6
    let text = Text.formatted(needsExponent ? "%.3g" : "%.\(max(0, decimals))f", value)
    let isZero = !text.contains { ("1"..."9").contains($0) }
    return isZero
      ? text.replacing("-", with: "") : text.replacing("-", with: "−")
  }
}
