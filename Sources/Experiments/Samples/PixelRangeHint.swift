import Datasets
import Files
import FoundationEssentials

/// What the pixels' range should be, where the values that were found do not fit the range that they were
/// read with.
enum PixelRangeHint {
  /// Clamped values below this share are outliers of the right range.
  private static let fewClamped = 0.001
  /// Values that fill less than this share of the range were meant for another.
  private static let narrow = 0.02

  /// Values up to more than this may be bytes.
  private static let fewestGreys = 10.0

  /// nil where the range fits, or may well do so.
  static func note(_ range: PixelValues, setting: String) -> String? {
    let (expected, found) = (range.expected, range.found)
    let width = expected.upperBound - expected.lowerBound
    let isNarrow =
      found.upperBound > found.lowerBound && found.upperBound - found.lowerBound < narrow * width
    guard range.clampedShare > fewClamped || isNarrow, let likely = likely(found), likely != expected else {
      return nil
    }
    return "the values found are \(text(found)): \(setting) \(text(likely)) takes those for black to white"
  }

  /// The range that is meant by such values: a usual one, or they themselves.
  private static func likely(_ found: ClosedRange<Double>) -> ClosedRange<Double>? {
    guard found.upperBound > found.lowerBound, (found.upperBound - found.lowerBound).isFinite else {
      return nil
    }
    // Rounding and the overshoot of filters lead a little beyond the ends.
    func isWithin(_ range: ClosedRange<Double>) -> Bool {
      let slack = 0.02 * (found.upperBound - found.lowerBound)
      return found.lowerBound >= range.lowerBound - slack && found.upperBound <= range.upperBound + slack
    }
    let usual: [ClosedRange<Double>] = [0...1, -1...1] + (found.upperBound > fewestGreys ? [0...255] : [])
    return usual.first(where: isWithin) ?? found
  }

  private static func text(_ range: ClosedRange<Double>) -> String {
    Text.formatted("%.6g...%.6g", range.lowerBound, range.upperBound)
  }
}
