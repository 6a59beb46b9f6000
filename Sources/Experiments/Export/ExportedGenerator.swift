import Autograd
import Generators
import Network
import ONNX

/// A generator's network that knows its counterpart in ONNX.
protocol ExportedGenerator: GeneratorNetwork {
  /// Adds to `graph` what inference makes of `latent`: images in [-1, 1].
  ///
  /// - Throws: `UnexportableLayer` for a layer without a counterpart.
  func write(_ latent: GraphLatent, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue
}

/// What a generator in a graph turns into images.
struct GraphLatent {
  /// `[N, size]`
  let noise: GraphValue
  /// `[N]`, for a generator that is told what to draw.
  let labels: GraphValue?
  /// `[N, codes]`, for infoGAN.
  let codes: GraphValue?

  /// The inputs of a graph that draws by a recipe: `noise`, and where it takes them `codes` and `labels`.
  init(_ recipe: GeneratorRecipe, _ graph: inout GraphWriter) {
    noise = graph.input(.row(recipe.noise.size, named: "noise"))
    codes = recipe.codes > 0 ? graph.input(.row(recipe.codes, named: "codes")) : nil
    labels = recipe.isConditional ? graph.input(.labels()) : nil
  }

  /// - Precondition: there are labels.
  fileprivate func required(by network: String) -> GraphValue {
    guard let labels else { preconditionFailure("\(network): a latent without labels") }
    return labels
  }
}

/// The networks that can be written. A new one is one line here, and its conformance.
enum ExportedGenerators {
  static var all: [any ExportedGenerator.Type] {
    [ChainGenerator.self, LabelScaledGenerator.self, AssayGenerator.self, VariationalDecoder.self]
  }
  /// What they are, for errors.
  static var known: String { all.map { "\($0)" }.joined(separator: ", ") }
}

extension ChainGenerator: ExportedGenerator {
  func write(_ latent: GraphLatent, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    var parts = [latent.noise]
    if let codes = latent.codes { parts.append(codes) }
    if labelCount > 0, let labels = latent.labels { parts.append(graph.oneHot(labels, classes: labelCount)) }
    return try layers.write(graph.concatenated(parts), to: &graph)
  }
}

extension LabelScaledGenerator: ExportedGenerator {
  func write(_ latent: GraphLatent, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    let labels = latent.required(by: "LabelScaledGenerator")
    let factors = graph.within("embedding") { $0.gathered("table", embedding.table.value, labels) }
    return try layers.write(graph.combined("Mul", latent.noise, factors), to: &graph)
  }
}

extension AssayGenerator: ExportedGenerator {
  func write(_ latent: GraphLatent, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    let labels = latent.required(by: "AssayGenerator")
    let input = graph.concatenated([latent.noise, graph.oneHot(labels, classes: labelCount)])
    var y = graph.reshaped(try graph.write(dense, named: "dense", input), to: Self.firstShape)
    for (index, norm) in norms.enumerated() {
      if index > 0 { y = try graph.write([up1, up2][index - 1], named: "up\(index)", y) }
      y = graph.within("norm\(index + 1)") { graph in
        graph.activated(graph.normalized(y, labels: labels, by: norm), .relu)
      }
    }
    y = try graph.write(image, named: "image", y)
    return graph.node("Tanh", [y.name], shape: y.shape)
  }
}

/// The logits l of pixels in [0, 1] as means in [-1, 1]: tanh(l/2).
extension VariationalDecoder: ExportedGenerator {
  func write(_ latent: GraphLatent, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    let half = graph.affine(try chain.write(latent, to: &graph), scale: 0.5, offset: 0)
    return graph.node("Tanh", [half.name], shape: half.shape)
  }
}

extension ColorizerGenerator {
  /// Adds to `graph` what the network makes of grey images `[H, W, 1]`: coloured ones, all in [-1, 1].
  func write(grey: GraphValue, to graph: inout GraphWriter) throws(UnexportableLayer) -> GraphValue {
    let x = try first.write(grey, to: &graph)
    let places = try second.write(x, to: &graph)
    let y = try lower.write(
      graph.combined("Add", places, try whole.write(places, to: &graph)), to: &graph)
    let z = try upper.write(graph.concatenated([y, x]), to: &graph)
    return try last.write(graph.concatenated([z, grey]), to: &graph)
  }
}
