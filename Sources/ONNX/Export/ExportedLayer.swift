import Network

/// A layer that knows its counterpart in ONNX.
///
/// What inference computes is written, and nothing of training: dropout vanishes, batch normalization has its
/// running moments.
package protocol ExportedLayer: Layer {
  /// Adds to `graph` what the layer makes of `x`.
  ///
  /// - Throws: ``UnexportableLayer`` for one within it that has no counterpart.
  func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue
}

/// A layer that has no counterpart in ONNX here, such as one of a user's own.
package struct UnexportableLayer: Error, Equatable, CustomStringConvertible {
  /// Where it is: `residual1.first`.
  package let name: String
  /// What it is.
  package let type: String

  package init(name: String, type: String) { (self.name, self.type) = (name, type) }

  /// What can be written.
  package static var known: String {
    ExportedLayers.all.map { "\($0)" }.joined(separator: ", ")
  }

  package var description: String {
    "the layer \(name) cannot be written as ONNX: expected one of \(Self.known), found \(type)"
  }
}

/// The layers that can be written. A new one is one line here, and its conformance.
package enum ExportedLayers {
  package static var all: [any ExportedLayer.Type] {
    [
      Sequential.self, Residual.self, Affine.self, Dense.self, Convolution.self, NormalizedConvolution.self,
      TransposedConvolution.self, BatchNormalization.self, MaxPooling.self, GlobalAveragePooling.self,
      GlobalMaxPooling.self, UpsampleNearest.self, Flatten.self, Reshape.self, Activate.self, ELU.self,
      Tanh.self, Sigmoid.self, Dropout.self, Identity.self,
    ]
  }
}

extension GraphWriter {
  /// Writes a layer under its name.
  package mutating func write(
    _ layer: any Layer, named name: String, _ x: GraphValue
  ) throws(UnexportableLayer) -> GraphValue {
    try within(name) { (graph) throws(UnexportableLayer) in
      guard let layer = layer as? any ExportedLayer else {
        throw UnexportableLayer(name: graph.place, type: "\(Swift.type(of: layer))")
      }
      return try layer.write(x, to: &graph)
    }
  }
}

extension Sequential: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    var x = x
    for (name, layer) in layers { x = try graph.write(layer, named: name, x) }
    return x
  }
}

extension Residual: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    graph.combined("Add", x, try body.write(x, to: &graph))
  }
}
