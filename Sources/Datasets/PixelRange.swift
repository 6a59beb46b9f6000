import Foundation

/// The values that images had before they became bytes, beside those that they were expected to have.
///
/// Images saved in another range than the one they are read with look like images still, and are judged as
/// something that they are not; this is what gives it away.
public struct PixelRange: Sendable, Equatable {
  /// What stands for black and for white.
  public let expected: ClosedRange<Double>
  /// The values that were found.
  public let found: ClosedRange<Double>
  /// How many values lay outside of ``expected`` and were set to its end.
  public let clampedCount: Int
  /// The number of all values.
  public let count: Int

  public init(expected: ClosedRange<Double>, found: ClosedRange<Double>, clampedCount: Int, count: Int) {
    self.expected = expected
    self.found = found
    self.clampedCount = clampedCount
    self.count = count
  }

  public var clampedShare: Double { count == 0 ? 0 : Double(clampedCount) / Double(count) }

  /// What was done to images that left the range, for a person; nil for images that did not.
  public var note: String? {
    guard clampedCount > 0 else { return nil }
    func text(_ range: ClosedRange<Double>) -> String {
      String(format: "%.4g...%.4g", range.lowerBound, range.upperBound)
    }
    return "\(clampedCount) of \(count) values clamped to \(text(expected)) (found \(text(found)))"
  }

  /// The range of bytes, which fill theirs by definition.
  public static func ofBytes(_ found: ClosedRange<UInt8>, count: Int) -> PixelRange {
    PixelRange(
      expected: 0...255, found: Double(found.lowerBound)...Double(found.upperBound), clampedCount: 0,
      count: count)
  }
}
