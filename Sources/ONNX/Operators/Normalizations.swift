import Autograd
import Files
import Network

/// Normalization by moments that the file holds (BatchNormalization), by those of each image and channel
/// (InstanceNormalization), and by those of each row (LayerNormalization).
enum Normalizations {
  static let operators: [String: Operator] = [
    "BatchNormalization": batch, "InstanceNormalization": instance, "LayerNormalization": layer,
  ]

  /// y = scale·(x - mean) / √(variance + ε) + offset for each channel: folded into a product or a convolution
  /// before it.
  @Sendable
  private static func batch(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    let x = try node.computed()
    guard x.rank >= 2, node.integer("training_mode", 0) == 0, node.integer("spatial", 1) == 1 else {
      throw node.refusal(
        expected: "normalization of channels, for inference", found: "training_mode or spatial otherwise")
    }
    let channels = x.shape[0]
    var moments: [Tensor] = []
    for index in 1...4 {
      let given = try node.numbers(index)
      guard given.shape == [channels] else {
        throw node.refusal(
          expected: "input \(index + 1) with \(channels) numbers", found: "the shape \(given.shape)")
      }
      moments.append(given)
    }
    // In double precision: the fold must not add to the rounding of the network.
    let epsilon = Double(node.real("epsilon", 1e-5))
    let values = moments.map { $0.elements.map(Double.init) }
    let factors = (0..<channels).map { values[0][$0] / (values[3][$0] + epsilon).squareRoot() }
    let shifts = (0..<channels).map { values[1][$0] - values[2][$0] * factors[$0] }
    let factor = Tensor(factors.map(Float.init), shape: [channels])
    let shift = Tensor(shifts.map(Float.init), shape: [channels])
    if x.hasChannelsLast,
      let whole = builder.fused(x, isOnlyUse: node.isOnlyUse[0], { $0.scaled(by: factor, plus: shift) })
    {
      return .computed(whole)
    }
    let column = [channels] + [Int](repeating: 1, count: x.rank - 2)
    let scale = try builder.aligned(factor.reshaped(column), to: x)
    let offset = try builder.aligned(shift.reshaped(column), to: x)
    return .computed(try builder.elementwise(.affine(factor: scale) { $0 * scale + offset }, x))
  }

  /// y = scale·(x - mean) / √(variance + ε) + offset, the moments those of one image's channel.
  @Sendable
  private static func instance(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    let x = try node.image(builder)
    let (scale, offset) = (try node.numbers(1), try node.numbers(2))
    guard [scale.shape, offset.shape] == [[x.shape[0]], [x.shape[0]]] else {
      throw node.refusal(
        expected: "\(x.shape[0]) scales and offsets", found: "\(scale.shape) and \(offset.shape)")
    }
    let epsilon = node.real("epsilon", 1e-5)
    return .computed(
      try builder.elementwise(.any { normalized($0[0], axes: [1, 2], epsilon) * scale + offset }, x))
  }

  /// The same over the axes from `axis` on.
  @Sendable
  private static func layer(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    let given = try node.computed()
    let x = try builder.reordered(given, ComputedValue.inOrder(given.shape.count))
    let first = try node.axis(node.integer("axis", -1), rank: x.rank)
    guard first > 0, node.node.output.count < 2 else {
      throw node.refusal(expected: "an axis behind the batch, and one output", found: "others")
    }
    let scale = try builder.aligned(node.numbers(1), to: x)
    let offset = try node.numbersIfThere(2).map { tensor throws(FileError) in
      try builder.aligned(tensor, to: x)
    }
    let axes = Array(first..<x.rank)
    let epsilon = node.real("epsilon", 1e-5)
    let operation = Operation.any {
      let value = normalized($0[0], axes: axes, epsilon) * scale
      return offset.map { value + $0 } ?? value
    }
    return .computed(try builder.elementwise(operation, x))
  }

  private static func normalized(_ x: Tensor, axes: [Int], _ epsilon: Float) -> Tensor {
    let centered = x - x.mean(axes: axes, keepDimensions: true)
    let variance = centered.square().mean(axes: axes, keepDimensions: true)
    return centered / (variance + epsilon).squareRoot()
  }
}
