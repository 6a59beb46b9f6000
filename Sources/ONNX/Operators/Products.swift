import Autograd
import Files
import Network

/// Gemm and MatMul with weights that the file holds: α·A·B + β·C.
///
/// Products of two tensors that both depend on the images, as in attention, are not read.
enum Products {
  static let operators: [String: Operator] = ["Gemm": gemm, "MatMul": matmul]

  /// `[N, in]`·`[in, out]` + `[out]`; `transB` for weights `[out, in]`, as PyTorch has them.
  @Sendable
  private static func gemm(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    let x = try node.computed()
    guard x.rank == 2, node.integer("transA", 0) == 0 else {
      throw node.refusal(expected: "a first factor [N, values]", found: "\(x.described), transposed")
    }
    var weight = try node.numbers(1)
    guard weight.rank == 2 else {
      throw node.refusal(expected: "weights of two axes", found: "the shape \(weight.shape)")
    }
    if node.integer("transB", 0) != 0 { weight = weight.transposed([1, 0]) }
    try check(weight, fits: x, node)
    let outputs = weight.shape[1]
    let (alpha, beta) = (node.real("alpha", 1), node.real("beta", 1))
    if alpha != 1 { weight = weight * alpha }
    var bias: Tensor?
    if let given = try node.numbersIfThere(2) {
      guard [[], [1], [outputs], [1, 1], [1, outputs]].contains(given.shape) else {
        throw node.refusal(expected: "a bias of \(outputs) numbers", found: "the shape \(given.shape)")
      }
      let row = given.reshaped([given.count]).broadcast(to: [outputs])
      bias = beta == 1 ? row : row * beta
    }
    return .computed(
      try builder.add(.dense(.init(weight: weight, bias: bias)), [x], shape: [outputs]))
  }

  /// `[N, …, in]`·`[in, out]` → `[N, …, out]`
  @Sendable
  private static func matmul(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    let weight = try node.numbers(1)
    let given = try node.computed()
    guard weight.rank == 2, given.rank >= 2 else {
      throw node.refusal(
        expected: "[N, …, values] times weights of two axes",
        found: "\(given.described) and the shape \(weight.shape)")
    }
    let x = try builder.reordered(given, ComputedValue.inOrder(given.shape.count))
    try check(weight, fits: x, node)
    let shape = Array(x.shape.dropLast()) + [weight.shape[1]]
    guard x.rank > 2 else {
      return .computed(try builder.add(.dense(.init(weight: weight)), [x], shape: shape))
    }
    func product(_ x: Tensor, _ weight: Tensor) -> Tensor {
      Tensor.matmul(x.reshaped([x.count / weight.shape[0], weight.shape[0]]), weight)
        .reshaped([x.shape[0]] + shape)
    }
    let operation = Operation.function(
      .init(
        value: { product($0[0], weight) },
        bounds: {
          $0[0].mapped(weight: weight, bias: nil, activation: .identity) { x, w, _ in product(x, w) }
        }))
    return .computed(try builder.add(operation, [x], shape: shape))
  }

  private static func check(_ weight: Tensor, fits x: ComputedValue, _ node: NodeReader) throws(FileError) {
    guard weight.shape[0] == x.shape[x.shape.count - 1], weight.shape[1] > 0 else {
      throw node.refusal(
        expected: "weights [\(x.shape[x.shape.count - 1]), outputs] for \(x.described)",
        found: "[\(weight.shape[0]), \(weight.shape[1])]")
    }
  }
}
