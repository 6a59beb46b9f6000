import Files
import FoundationEssentials

/// The values that images had before they became bytes, beside those that they were expected to have.
///
/// Images saved in another range than the one they are read with look like images still, and are judged as
/// something that they are not; this is what gives it away.
public struct PixelValues: Sendable, Equatable {
  /// What stands for black and for white.
  public let expected: ClosedRange<Double>
  /// The values that were found.
  public let found: ClosedRange<Double>
  /// How many values lay outside of ``expected`` by enough for another byte, and were set to its end. What
  /// lies there by rounding only becomes the same byte as the end.
  public let clampedCount: Int
  /// The number of all values.
  public let count: Int

  /// What is known of `count` values: where they were expected, where they lay, and how many were clamped.
  public init(expected: ClosedRange<Double>, found: ClosedRange<Double>, clampedCount: Int, count: Int) {
    self.expected = expected
    self.found = found
    self.clampedCount = clampedCount
    self.count = count
  }

  /// ``clampedCount`` as a share of all values, from 0 to 1; 0 where there are none.
  public var clampedShare: Double { count == 0 ? 0 : Double(clampedCount) / Double(count) }

  /// What was done to images that left the range, for a person; nil for images that did not.
  public var note: String? {
    guard clampedCount > 0 else { return nil }
    return
      "\(clampedCount) of \(count) values clamped to \(text(expected.lowerBound))...\(text(expected.upperBound)) "
      + "(found \(text(found.lowerBound))...\(text(found.upperBound)))"
  }

  /// With as few digits as show on which side of the range's ends a value lies, but for four.
  private func text(_ value: Double) -> String {
    let texts = (4...17).lazy.map { Text.formatted("%.\($0)g", value) }
    let ends = [expected.lowerBound, expected.upperBound]
    return texts.first { text in
      guard let shown = Double(text) else { return false }
      return ends.allSatisfy { (shown < $0, shown > $0) == (value < $0, value > $0) }
    } ?? "\(value)"
  }

  /// The range of bytes, which fill theirs by definition.
  public static func ofBytes(_ found: ClosedRange<UInt8>, count: Int) -> PixelValues {
    PixelValues(
      expected: 0...255, found: Double(found.lowerBound)...Double(found.upperBound), clampedCount: 0,
      count: count)
  }
}
