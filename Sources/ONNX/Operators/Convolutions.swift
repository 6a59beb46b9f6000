import Autograd
import Files

/// Conv with weights that the file holds, `[Cout, Cin / groups, KH, KW]`, and strides, pads, dilations and
/// groups; of images, not of lines or volumes.
enum Convolutions {
  static let operators: [String: Operator] = ["Conv": convolution]

  @Sendable
  private static func convolution(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    let x = try node.image(builder)
    let weight = try node.numbers(1)
    guard weight.rank == 4, weight.count > 0 else {
      throw node.refusal(expected: "weights [Cout, Cin, KH, KW]", found: "the shape \(weight.shape)")
    }
    let (outputs, groups) = (weight.shape[0], node.integer("group", 1))
    guard (1...4096).contains(groups), x.shape[0] % groups == 0, outputs % groups == 0,
      weight.shape[1] == x.shape[0] / groups
    else {
      throw node.refusal(
        expected: "weights [Cout, \(x.shape[0]) / groups, KH, KW] for \(x.described)",
        found: "the shape \(weight.shape), \(groups) groups")
    }
    let size = Array(x.shape.dropFirst())
    let windows = try WindowAttributes(node, kernel: Array(weight.shape.suffix(2)), size: size)
    let bias = try node.numbersIfThere(2)
    guard bias.map({ $0.shape == [outputs] }) ?? true else {
      throw node.refusal(expected: "a bias of \(outputs) numbers", found: "the shape \(bias?.shape ?? [])")
    }
    let geometry = ConvolutionGeometry(
      strides: windows.strides, padding: windows.padding, dilations: windows.dilations, groups: groups)
    let part = Operation.Convolution(
      weight: weight.transposed([2, 3, 1, 0]), bias: bias, geometry: geometry)
    return .computed(
      try builder.add(
        .convolution(part), [x], shape: [outputs] + geometry.outputSize(of: size, kernel: windows.kernel),
        order: ComputedValue.channelsLast(3)))
  }
}
