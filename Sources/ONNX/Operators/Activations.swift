import Autograd
import Files

/// Functions of each element.
enum Activations {
  static let operators: [String: Operator] = [
    "Relu": relu, "LeakyRelu": leakyRelu, "Clip": clip, "PRelu": prelu, "Gelu": gelu, "Pow": power,
    "Sigmoid": rising { $0.sigmoid() },
    "Tanh": rising { $0.tanh() },
    "Softplus": rising { $0.softplus() },
    "Erf": rising { $0.erf() },
    "Exp": rising { $0.exp() },
    "Sqrt": rising { $0.squareRoot() },
    "Log": rising { $0.log() },
    "HardSigmoid": hardSigmoid, "Elu": elu,
    "HardSwish": other { $0.hardSwish() },
    "Abs": other { $0.absolute() },
    "Reciprocal": other { $0.reciprocal() },
    "Neg": negative,
  ]

  /// A function that does not fall; a constant is computed at once.
  private static func rising(_ function: @escaping @Sendable (Tensor) -> Tensor) -> Operator {
    { (node, builder) throws(FileError) in try apply(node, builder, function) { .rising(function) } }
  }

  private static func other(_ function: @escaping @Sendable (Tensor) -> Tensor) -> Operator {
    { (node, builder) throws(FileError) in try apply(node, builder, function) { .any { function($0[0]) } } }
  }

  private static func apply(
    _ node: NodeReader, _ builder: GraphBuilder, _ function: (Tensor) -> Tensor, _ operation: () -> Operation
  ) throws(FileError) -> Value {
    if case .numbers(let tensor) = node.input(0) { return .numbers(function(tensor)) }
    return .computed(try builder.elementwise(operation(), node.computed()))
  }

  @Sendable
  private static func relu(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    try activated(.relu, node, builder)
  }

  @Sendable
  private static func leakyRelu(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    let alpha = node.real("alpha", 0.01)
    if alpha > 0, alpha < 1 { return try activated(.leakyRelu(slope: alpha), node, builder) }
    return .computed(
      try builder.elementwise(.any { x in x[0].relu() - (-x[0]).relu() * alpha }, node.computed()))
  }

  /// As a part of the product or the convolution before it, where there is one.
  private static func activated(
    _ activation: Activation, _ node: NodeReader, _ builder: GraphBuilder
  ) throws(FileError) -> Value {
    let x = try node.computed()
    if let whole = builder.fused(x, isOnlyUse: node.isOnlyUse[0], { $0.activated(activation) }) {
      return .computed(whole)
    }
    return .computed(try builder.elementwise(.rising { $0.activated(activation) }, x))
  }

  /// Bounds are attributes up to opset 10, inputs from 11 on.
  @Sendable
  private static func clip(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    var (low, high) = (-Float.infinity, Float.infinity)
    if node.has("min") { low = node.real("min", low) }
    if node.has("max") { high = node.real("max", high) }
    if let given = try node.number(1) { low = given }
    if let given = try node.number(2) { high = given }
    guard low <= high else {
      throw node.refusal(expected: "a lower bound below the upper one", found: "\(low) and \(high)")
    }
    return .computed(try builder.elementwise(.rising { $0.clamped(to: low...high) }, node.computed()))
  }

  /// x where x > 0, α(eˣ - 1) elsewhere; it falls there where α is negative.
  @Sendable
  private static func elu(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    let alpha = node.real("alpha", 1)
    let function = { (x: Tensor) in x.elu(alpha: alpha) }
    return try apply(node, builder, function) { alpha >= 0 ? .rising(function) : .any { function($0[0]) } }
  }

  /// α·x + β between 0 and 1; 0.2 and 0.5 where the node does not say.
  @Sendable
  private static func hardSigmoid(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    let (alpha, beta) = (node.real("alpha", 0.2), node.real("beta", 0.5))
    let function = { (x: Tensor) in x.hardSigmoid(alpha: alpha, beta: beta) }
    return try apply(node, builder, function) { alpha >= 0 ? .rising(function) : .any { function($0[0]) } }
  }

  /// x where x > 0, slope·x elsewhere, the slopes given.
  @Sendable
  private static func prelu(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    let x = try node.computed()
    let slope = try builder.aligned(node.numbers(1), to: x)
    func value(_ x: Tensor) -> Tensor { x.prelu(slope: slope) }
    return .computed(
      try builder.elementwise(
        slope.elements.allSatisfy { $0 >= 0 } ? .rising(value) : .any { value($0[0]) }, x))
  }

  @Sendable
  private static func gelu(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    let isApproximate = node.text("approximate", "none") == "tanh"
    return .computed(
      try builder.elementwise(
        .any { isApproximate ? $0[0].gelu(approximated: true) : $0[0].gelu() }, node.computed()))
  }

  @Sendable
  private static func power(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    guard let exponent = try node.number(1) else {
      throw node.refusal(expected: "an exponent", found: "none")
    }
    return try apply(node, builder, { $0.power(exponent) }) { .any { $0[0].power(exponent) } }
  }

  @Sendable
  private static func negative(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    try apply(node, builder, { -$0 }) { .affine(factor: Tensor(-1)) { -$0 } }
  }
}
