import Autograd
import Files

/// Greater, Less and Where: a choice between two results, as PyTorch writes its softplus with a threshold.
///
/// A truth value is 1 or 0 in single precision, and has no gradient.
enum Choices {
  static let operators: [String: Operator] = [
    "Greater": { (node, builder) throws(FileError) in try compare(node, builder) { $0 - $1 } },
    "Less": { (node, builder) throws(FileError) in try compare(node, builder) { $1 - $0 } },
    "Where": choose,
  ]

  /// 1 where `difference` with a constant is above 0.
  private static func compare(
    _ node: NodeReader, _ builder: GraphBuilder, _ difference: @escaping (Tensor, Tensor) -> Tensor
  ) throws(FileError) -> Value {
    let x = try node.computed()
    let constant = try builder.aligned(node.numbers(1), to: x)
    guard constant.count == 1 || constant.shape.dropFirst().elementsEqual(x.stored) else {
      throw node.refusal(expected: "one number, or one an element", found: "the shape \(constant.shape)")
    }
    return .computed(
      try builder.elementwise(.any { difference($0[0], constant).detached.relu().sign() }, x))
  }

  /// c·a + (1 - c)·b, of shapes that are the same; a or b may be constants. Both must be finite.
  @Sendable
  private static func choose(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    let condition = try node.computed()
    var (parts, constants): ([ComputedValue], [Tensor?]) = ([condition], [])
    for index in 1...2 {
      if case .computed(let part) = node.input(index) {
        guard part.shape == condition.shape else {
          throw node.refusal(
            expected: "inputs of one shape", found: "\(condition.described) and \(part.described)")
        }
        parts.append(try builder.reordered(part, condition.order))
        constants.append(nil)
      } else {
        constants.append(try builder.aligned(node.numbers(index), to: condition))
      }
    }
    let fixed = constants
    let operation = Operation.any { x in
      var computed = x.dropFirst()
      let choices = fixed.map { $0 ?? computed.removeFirst() }
      let chosen = x[0].detached
      return chosen * choices[0] + chosen.scaled(by: -1, plus: 1) * choices[1]
    }
    return .computed(try builder.add(operation, parts, shape: condition.shape, order: condition.order))
  }
}
