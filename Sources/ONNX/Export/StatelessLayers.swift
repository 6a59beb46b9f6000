import Autograd
import Network

/// Layers without weights.
extension Affine: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    graph.affine(x, scale: scale, offset: offset)
  }
}

extension MaxPooling: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    precondition(x.shape.count == 3, "MaxPooling: the input has the shape \(x.shape), not [H, W, C]")
    return graph.node(
      "MaxPool", [x.name],
      ["kernel_shape": .integers([window, window]), "strides": .integers([window, window])],
      shape: [x.shape[0] / window, x.shape[1] / window, x.shape[2]])
  }
}

extension GlobalAveragePooling: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    graph.pooled(x, by: "GlobalAveragePool")
  }
}

extension GlobalMaxPooling: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    graph.pooled(x, by: "GlobalMaxPool")
  }
}

extension GraphWriter {
  /// `[H, W, C]` to `[C]`.
  fileprivate mutating func pooled(_ x: GraphValue, by operation: String) -> GraphValue {
    precondition(x.shape.count == 3, "\(operation): the input has the shape \(x.shape), not [H, W, C]")
    // The format keeps the axes, each with one place.
    let y = node(operation, [x.name], shape: [1, 1, x.shape[2]])
    return node("Flatten", [y.name], ["axis": .integer(1)], shape: [x.shape[2]])
  }
}

extension UpsampleNearest: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    precondition(x.shape.count == 3, "UpsampleNearest: the input has the shape \(x.shape), not [H, W, C]")
    let scales = graph.weight("scales", Tensor([1, 1, Float(factor), Float(factor)], shape: [4]))
    return graph.node(
      "Resize", [x.name, "", scales],
      [
        "mode": .text("nearest"), "coordinate_transformation_mode": .text("asymmetric"),
        "nearest_mode": .text("floor"),
      ], shape: [x.shape[0] * factor, x.shape[1] * factor, x.shape[2]])
  }
}

extension Flatten: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    graph.flattened(x)
  }
}

extension Reshape: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    graph.reshaped(x, to: shape)
  }
}

extension Activate: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    graph.activated(x, activation)
  }
}

extension ELU: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    graph.node("Elu", [x.name], ["alpha": .real(alpha)], shape: x.shape)
  }
}

extension Tanh: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    graph.node("Tanh", [x.name], shape: x.shape)
  }
}

extension Sigmoid: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    graph.node("Sigmoid", [x.name], shape: x.shape)
  }
}

/// Nothing, in inference.
extension Dropout: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    x
  }
}

extension Identity: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    x
  }
}
