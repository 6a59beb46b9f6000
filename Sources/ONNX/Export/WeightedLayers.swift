import Autograd
import Network

/// Products, convolutions and what they are undone by.
///
/// Padding is written out as rows and columns, since the format's own SAME modes depend on who reads them.
extension Dense: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    let (inputs, outputs) = (weight.value.shape[0], weight.value.shape[1])
    precondition(x.shape == [inputs], "Dense: \(x.shape) for weights \(weight.value.shape)")
    let parts =
      [x.name, graph.weight("weight", weight.value)]
      + (bias.map { [graph.weight("bias", $0.value)] } ?? [])
    return graph.activated(graph.node("Gemm", parts, shape: [outputs]), activation)
  }
}

extension Convolution: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    write(x, weight: weight.value, bias: bias?.value, activation, to: &graph)
  }

  /// With other weights of the same shape.
  fileprivate func write(
    _ x: GraphValue, weight: Tensor, bias: Tensor?, _ activation: Activation, to graph: inout GraphWriter
  ) -> GraphValue {
    precondition(
      x.shape.count == 3 && x.shape[2] == weight.shape[2],
      "Convolution: \(x.shape) for weights \(weight.shape)")
    let kernel = weight.shape[0]
    let given = Array(x.shape.prefix(2))
    let geometry = padding.geometry(kernel: kernel, stride: stride, size: given)
    let size = geometry.outputSize(of: given, kernel: [kernel, kernel])
    // The file has [Cout, Cin, K, K].
    let parts =
      [x.name, graph.weight("weight", weight.transposed([3, 2, 0, 1]))]
      + (bias.map { [graph.weight("bias", $0)] } ?? [])
    return graph.activated(
      graph.node("Conv", parts, geometry.attributes(kernel: kernel), shape: size + [weight.shape[3]]),
      activation)
  }
}

extension NormalizedConvolution: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    let (weight, bias) = folded
    return convolution.write(x, weight: weight, bias: bias, activation, to: &graph)
  }
}

extension TransposedConvolution: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    let (kernel, outputs) = (weight.value.shape[0], weight.value.shape[2])
    precondition(
      x.shape.count == 3 && x.shape[2] == weight.value.shape[3],
      "TransposedConvolution: \(x.shape) for weights \(weight.value.shape)")
    let size = x.shape.prefix(2).map { $0 * stride }
    let geometry = padding.geometry(kernel: kernel, stride: stride, size: size)
    let pads = geometry.padding
    // Rows and columns that the windows do not reach: they are the bias alone.
    let missing = (0..<2).map { stride - kernel + pads[2 * $0] + pads[2 * $0 + 1] }
    // The convolution's [K, K, Cout, Cin] become [Cin, Cout, K, K]: the format, too, takes the weights of the
    // convolution whose input gradient this is.
    let parts =
      [x.name, graph.weight("weight", weight.value.transposed([3, 2, 0, 1]))]
      + (bias.map { [graph.weight("bias", $0.value)] } ?? [])
    let y = graph.node(
      "ConvTranspose", parts, geometry.attributes(kernel: kernel, outputPadding: missing),
      shape: size + [outputs])
    return graph.activated(y, activation)
  }
}

extension ConvolutionGeometry {
  /// What a node says of it; the format has both beginnings of the padding first.
  fileprivate func attributes(
    kernel: Int, outputPadding: [Int] = [0, 0]
  ) -> KeyValuePairs<String, GraphWriter.Attribute> {
    let pads = [padding[0], padding[2], padding[1], padding[3]]
    return outputPadding == [0, 0]
      ? [
        "kernel_shape": .integers([kernel, kernel]), "strides": .integers(strides), "pads": .integers(pads),
      ]
      : [
        "kernel_shape": .integers([kernel, kernel]), "strides": .integers(strides), "pads": .integers(pads),
        "output_padding": .integers(outputPadding),
      ]
  }
}
