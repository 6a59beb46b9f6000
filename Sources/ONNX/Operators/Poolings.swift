import Autograd
import Files

/// The largest and the mean of windows of pixels, and of whole images.
enum Poolings {
  static let operators: [String: Operator] = [
    "MaxPool": { (node, builder) throws(FileError) in
      guard node.node.output.count < 2 else {
        throw node.refusal(expected: "one output", found: "the places of the largest as well")
      }
      return try windowed(node, builder) { geometry in .rising { $0.maxPooled(geometry) } }
    },
    "AveragePool": { (node, builder) throws(FileError) in
      let countsPadding = node.integer("count_include_pad", 0) != 0
      return try windowed(node, builder) { geometry in
        .weighting { $0.averagePooled(geometry, countsPadding: countsPadding) }
      }
    },
    "GlobalMaxPool": { (node, builder) throws(FileError) in
      try global(node, builder) {
        .rising($0)
      } _: {
        $0.maximum(along: [1, 2])
      }
    },
    "GlobalAveragePool": { (node, builder) throws(FileError) in
      try global(node, builder) {
        .weighting($0)
      } _: {
        $0.mean(axes: [1, 2])
      }
    },
  ]

  private static func windowed(
    _ node: NodeReader, _ builder: GraphBuilder, _ operation: (PoolingGeometry) -> Operation
  ) throws(FileError) -> Value {
    let x = try node.image(builder)
    let size = Array(x.shape.dropFirst())
    let windows = try WindowAttributes(node, size: size)
    guard zip(windows.padding, [0, 0, 1, 1]).allSatisfy({ $0 < windows.kernel[$1] * windows.dilations[$1] })
    else {
      throw node.refusal(
        expected: "pads smaller than the window", found: "pads \(windows.padding), window \(windows.kernel)")
    }
    let geometry = PoolingGeometry(
      window: windows.kernel, strides: windows.strides, padding: windows.padding,
      dilations: windows.dilations, roundsUp: windows.roundsUp)
    return .computed(
      try builder.add(
        operation(geometry), [x], shape: [x.shape[0]] + geometry.outputSize(of: size),
        order: ComputedValue.channelsLast(3)))
  }

  private static func global(
    _ node: NodeReader, _ builder: GraphBuilder, _ operation: (@escaping (Tensor) -> Tensor) -> Operation,
    _ pooled: @escaping (Tensor) -> Tensor
  ) throws(FileError) -> Value {
    let x = try node.image(builder)
    let channels = x.shape[0]
    return .computed(
      try builder.add(
        operation { pooled($0).reshaped([$0.shape[0], 1, 1, channels]) }, [x], shape: [channels, 1, 1],
        order: ComputedValue.channelsLast(3)))
  }
}
