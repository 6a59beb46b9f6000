import Network

/// Classifiers that are chains of layers, from `images` `[N, C, H, W]` to `logits` `[N, labels]`.
extension ExportedModel {
  /// Writes a classifier's network.
  ///
  /// - Parameters:
  ///   - network: from images `[N, H, W, C]` with pixels in [0, 1] to logits.
  ///   - name: of its architecture.
  ///   - imageShape: `[H, W, C]`.
  ///   - labelNames: one a logit, in their order.
  ///   - manifest: how the weights were made, as text; left out where it is empty.
  ///   - version: of the program that writes it.
  /// - Throws: ``UnexportableLayer`` for a layer without a counterpart.
  /// - Precondition: the network takes such images, and has a logit for each label.
  package static func classifier(
    _ network: Sequential, name: String, imageShape: [Int], labelNames: [String], manifest: String,
    version: String
  ) throws(UnexportableLayer) -> ExportedModel {
    var graph = GraphWriter()
    let logits = try network.write(graph.input(.images(imageShape)), to: &graph)
    return ExportedModel(
      graph, logits, as: .row(labelNames.count, named: "logits"), name: name, version: version,
      properties: [
        "architecture": name, "labels": text(labelNames), "pixels": "[0, 1]", "training": manifest,
      ])
  }
}
