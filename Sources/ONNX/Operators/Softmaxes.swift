import Autograd
import Files

/// Softmax and LogSoftmax within a graph; at its end they are left out, since attacks want logits.
enum Softmaxes {
  static let operators: [String: Operator] = [
    "Softmax": { (node, builder) throws(FileError) in try along(node, builder) { $0.softmax() } },
    "LogSoftmax": { (node, builder) throws(FileError) in try along(node, builder) { $0.logSoftmax() } },
  ]

  /// Up to opset 12 all axes from `axis` on are one; from 13 on only that one counts.
  private static func along(
    _ node: NodeReader, _ builder: GraphBuilder, _ function: @escaping (Tensor) -> Tensor
  ) throws(FileError) -> Value {
    let x = try node.computed()
    let axis = try node.axis(node.integer("axis", node.opset < 13 ? 1 : -1), rank: x.rank)
    guard axis > 0 else { throw node.refusal(expected: "an axis behind the batch", found: "axis 0") }
    if node.opset < 13 {
      let inOrder = try builder.reordered(x, ComputedValue.inOrder(x.shape.count))
      let length = Array(x.shape[(axis - 1)...]).product
      return .computed(
        try builder.elementwise(
          .any { function($0[0].reshaped([$0[0].count / length, length])).reshaped($0[0].shape) }, inOrder))
    }
    let last = x.order.filter { $0 != axis - 1 } + [axis - 1]
    return .computed(try builder.elementwise(.any { function($0[0]) }, builder.reordered(x, last)))
  }
}
