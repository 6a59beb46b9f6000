import Autograd
import Files

/// Where the windows of a convolution or a pooling lie: what its attributes say, in this package's order.
struct WindowAttributes {
  /// `[height, width]`
  let kernel, strides, dilations: [Int]
  /// Top, bottom, left, right.
  let padding: [Int]
  let roundsUp: Bool

  /// - Parameters:
  ///   - kernel: where the weights tell it; else the attribute does.
  ///   - size: `[height, width]` of the input.
  /// - Throws: `FileError` for other than two axes, and windows that do not lie in the padded input.
  init(_ node: NodeReader, kernel known: [Int]? = nil, size: [Int]) throws(FileError) {
    kernel = node.integers("kernel_shape") ?? known ?? []
    strides = node.integers("strides") ?? [1, 1]
    dilations = node.integers("dilations") ?? [1, 1]
    roundsUp = node.integer("ceil_mode", 0) != 0
    let pads = node.integers("pads") ?? [0, 0, 0, 0]
    let limits = 1...4096
    guard kernel.count == 2, strides.count == 2, dilations.count == 2, pads.count == 4, size.count == 2,
      (kernel + strides + dilations).allSatisfy(limits.contains),
      pads.allSatisfy({ (0...4096).contains($0) }),
      known == nil || known == kernel
    else {
      throw node.refusal(
        expected: "windows of two axes, strides and dilations from 1 and pads from 0 on",
        found: "kernel \(kernel), strides \(strides), dilations \(dilations), pads \(pads)")
    }
    let (kernel, dilations) = (self.kernel, self.dilations)
    let reach = (0..<2).map { (kernel[$0] - 1) * dilations[$0] + 1 }
    padding = try Self.padding(
      node, pads, same: .same(kernel: kernel, strides: strides, size: size, dilations: dilations))
    guard size[0] + padding[0] + padding[1] >= reach[0], size[1] + padding[2] + padding[3] >= reach[1] else {
      throw node.refusal(
        expected: "a window within the padded image of \(size[0])×\(size[1])",
        found: "\(reach[0])×\(reach[1]), pads \(padding)")
    }
  }

  /// Top, bottom, left, right, by `pads` (both beginnings first) or `auto_pad`, which may put the odd row
  /// above.
  private static func padding(
    _ node: NodeReader, _ pads: [Int], same: ConvolutionGeometry
  ) throws(FileError) -> [Int] {
    switch node.text("auto_pad", "NOTSET") {
    case "NOTSET", "": return [pads[0], pads[2], pads[1], pads[3]]
    case "VALID": return [0, 0, 0, 0]
    case "SAME_UPPER": return same.padding
    case "SAME_LOWER": return [1, 0, 3, 2].map { same.padding[$0] }
    case let other:
      throw node.refusal(expected: "auto_pad NOTSET, VALID, SAME_UPPER or SAME_LOWER", found: other)
    }
  }
}

extension NodeReader {
  /// An input `[N, C, H, W]` that depends on the images, lying in memory as `[N, H, W, C]`.
  func image(_ builder: GraphBuilder) throws(FileError) -> ComputedValue {
    let x = try computed()
    guard x.rank == 4 else {
      throw refusal(expected: "images [N, C, H, W]", found: x.described)
    }
    return try builder.reordered(x, ComputedValue.channelsLast(3))
  }
}
