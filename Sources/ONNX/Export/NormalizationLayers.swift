import Autograd
import Network

/// Batch normalization by running moments, of the channels of images or of the values of rows.
extension BatchNormalization: ExportedLayer {
  package func write(_ x: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    normalized(x, by: &graph)
  }

  fileprivate func normalized(_ x: GraphValue, by graph: inout GraphWriter) -> GraphValue {
    precondition(
      x.shape.last == scale.value.count, "BatchNormalization: \(x.shape) for \(scale.value.count) channels")
    let parts = namedParameters.map { graph.weight($0.name, $0.parameter.value) }
    return graph.node("BatchNormalization", [x.name] + parts, ["epsilon": .real(epsilon)], shape: x.shape)
  }
}

extension GraphWriter {
  /// norm(x)·(1 + s[label]) + o[label], with a label each.
  package mutating func normalized(
    _ x: GraphValue, labels: GraphValue, by layer: ConditionalBatchNormalization
  ) -> GraphValue {
    let shape = [Int](repeating: 1, count: x.shape.count - 1) + [x.shape[x.shape.count - 1]]
    let y = layer.norm.normalized(x, by: &self)
    let factor = gathered("scales", layer.scales.table.value + 1, labels)
    let shift = gathered("offsets", layer.offsets.table.value, labels)
    return combined("Add", combined("Mul", y, reshaped(factor, to: shape)), reshaped(shift, to: shape))
  }
}
