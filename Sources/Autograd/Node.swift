import Kernels
import Synchronization

/// One computed tensor on the tape: its operands, and how a gradient flows back to them.
///
/// Nodes are numbered as they are made, so an operand's number is below its result's. The tape is nothing but
/// the nodes that the result at hand still refers to; it is gone when the result is.
package final class Node {
  let number: Int
  /// The operands; a constant among them has no node.
  fileprivate(set) var inputs: [Tensor]
  /// The computed values, where the pullback asks for them.
  let output: (shape: [Int], buffer: Buffer)?
  /// Nil for a leaf.
  let pullback: Pullback?

  private static let counter = Atomic<Int>(0)

  /// A leaf.
  init() {
    number = Node.counter.add(1, ordering: .relaxed).newValue
    inputs = []
    output = nil
    pullback = nil
  }

  init(inputs: [Tensor], output: (shape: [Int], buffer: Buffer)?, pullback: @escaping Pullback) {
    number = Node.counter.add(1, ordering: .relaxed).newValue
    self.inputs = inputs
    self.output = output
    self.pullback = pullback
  }

  /// Releases the operands one after the other: a long chain (hundreds of attack steps) released recursively
  /// would overflow the stack.
  deinit {
    var released = inputs.compactMap(\.node)
    inputs = []
    while var node = released.popLast() {
      if isKnownUniquelyReferenced(&node) {
        released.append(contentsOf: node.inputs.compactMap(\.node))
        node.inputs = []
      }
    }
  }
}

/// Turns the gradient of a result into the gradients of its operands (nil: none flows).
///
/// It must be made of Tensor operations on what the cotangent holds and must capture no tracked tensor: then
/// it can be differentiated again, and runs without a tape where nobody asks for that.
package typealias Pullback = (Cotangent) -> [Tensor?]

/// What a pullback works with.
package struct Cotangent {
  /// The gradient with respect to the result, of its shape.
  let dy: Tensor
  /// The operands.
  let inputs: [Tensor]
  /// The result. Only for operations that keep it.
  let output: Tensor?
  /// For each operand, whether its gradient is asked for.
  let isNeeded: [Bool]

  /// The first and the second operand.
  var x: Tensor { inputs[0] }
  var x2: Tensor { inputs[1] }

  /// The result.
  var y: Tensor {
    guard let output else { preconditionFailure("Cotangent: the operation does not keep its result") }
    return output
  }

  /// `gradient()` where the gradient of the operand is asked for.
  func ifNeeded(_ operand: Int, _ gradient: () -> Tensor) -> Tensor? {
    isNeeded[operand] ? gradient() : nil
  }
}

extension Tensor {
  /// The result of an operation: `fill` writes its elements, `pullback` differentiates it.
  ///
  /// Where no operand is tracked the result is a constant.
  init(
    shape: [Int], of inputs: [Tensor], keepsOutput: Bool = false, pullback: @escaping Pullback,
    fill: (UnsafeMutablePointer<Float>) -> Void
  ) {
    let buffer = Buffer(count: shape.product)
    withExtendedLifetime(inputs) { fill(buffer.pointer) }
    self.init(shape: shape, buffer: buffer, of: inputs, keepsOutput: keepsOutput, pullback: pullback)
  }

  /// The result of an operation whose elements stand in `buffer` already.
  init(
    shape: [Int], buffer: Buffer, of inputs: [Tensor], keepsOutput: Bool = false, pullback: @escaping Pullback
  ) {
    let isTracked = inputs.contains { $0.node != nil }
    self.init(
      shape: shape, buffer: buffer,
      node: isTracked
        ? Node(inputs: inputs, output: keepsOutput ? (shape, buffer) : nil, pullback: pullback) : nil)
  }
}
