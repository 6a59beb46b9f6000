import Autograd
import Network

/// What a foreign network wants of its pixels, and how its images lie.
///
/// Pixels come in [0, 1]. They are stretched to ``inputRange``, and then normalized: (x - mean) / deviation,
/// channel by channel, in the units of that range. A network that does this itself needs none of it.
public struct Preprocessing: Equatable, Sendable {
  /// The order of the axes of a network's input.
  public enum Layout: String, CaseIterable, Sendable {
    /// `[N, C, H, W]`, as PyTorch has it.
    case nchw
    /// `[N, H, W, C]`, as Keras has it.
    case nhwc
  }

  /// What 0 and 1 become; 0...1 where nothing is stretched, 0...255 for bytes.
  public var inputRange: ClosedRange<Float> = 0...1
  /// One number, or one a channel; none for no mean.
  public var mean: [Float] = []
  /// One number above 0, or one a channel; none for no division.
  public var deviation: [Float] = []
  /// Nil: as the shape of the input says.
  public var layout: Layout?

  /// Pixels as they are.
  public init() {}

  /// Whether pixels go in as they are.
  public var isIdentity: Bool { inputRange == 0...1 && mean.isEmpty && deviation.isEmpty }

  /// The operation on `[N, H, W, C]`; nil where pixels stay as they are.
  var operation: Operation? {
    guard !isIdentity else { return nil }
    let width = inputRange.upperBound - inputRange.lowerBound
    let low = inputRange.lowerBound
    let mean = mean.isEmpty ? nil : Tensor(mean, shape: [mean.count])
    let deviation = deviation.isEmpty ? nil : Tensor(deviation, shape: [deviation.count])
    return .affine(factor: deviation.map { Tensor(width) / $0 } ?? Tensor(width)) { x in
      var value = x.scaled(by: width, plus: low)
      if let mean { value = value - mean }
      if let deviation { value = value / deviation }
      return value
    }
  }
}
