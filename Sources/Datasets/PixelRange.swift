/// What stands for black and for white: the range that pixels are saved in, or that ε is counted in.
///
/// Attacks, classifiers and judges always work in [0, 1]; this says how the outside world counts.
public struct PixelRange: Equatable, Sendable {
  /// What stands for black.
  public let low: Double
  /// What stands for white.
  public let high: Double

  /// [0, 1], in which attacks, classifiers and judges work.
  public static let unit = PixelRange(low: 0, high: 1)
  /// Of the published curve of accuracy against ε.
  public static let published = PixelRange(low: -1, high: 1)

  /// The range from `low`, black, to `high`, white.
  ///
  /// - Precondition: `low` is below `high`, and both are finite.
  public init(low: Double, high: Double) {
    precondition(low < high && (high - low).isFinite, "PixelRange: \(low) to \(high)")
    self.low = low
    self.high = high
  }

  /// From black to white.
  public var width: Double { high - low }

  /// An ε of this range in units of [0, 1].
  public func unitEpsilon(_ epsilon: Double) -> Float { Float(epsilon / width) }

  /// As a reader writes it: `[-1, 1]`.
  public var title: String { "[\(Self.short(low)), \(Self.short(high))]" }

  package static func short(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e9 ? String(Int(value)) : String(value)
  }
}

extension PixelRange: CustomStringConvertible {
  /// As the command line takes it: `-1...1`.
  public var description: String { "\(Self.short(low))...\(Self.short(high))" }
}
