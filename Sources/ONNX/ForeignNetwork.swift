import Autograd
import Files
import FoundationEssentials
import Network

/// A network out of an ONNX file, as a program from images to logits.
struct ForeignNetwork {
  let program: Program
  /// The place of the logits `[N, labels]`, and that of the features; nil where nothing says which they are.
  let logits: Int
  let features: ComputedValue?
  let labels: Int
  /// `[H, W, C]`
  let imageShape: [Int]
  /// The names of the labels, where the file holds them.
  let labelNames: [String]?
  let sha256: String
  /// What was done to the graph that its author did not ask for.
  let notes: [String]

  /// Reads the file at `path`.
  ///
  /// - Parameters:
  ///   - imageShape: `[H, W, C]`, for a network that takes images of any size.
  ///   - featureNode: the node, or the name of a result, whose values are the features; else the input of the
  ///     last dense layer.
  /// - Throws: `FileError` for what cannot be read or run, by name.
  init(
    contentsOf path: String, imageShape: [Int]?, _ preprocessing: Preprocessing, featureNode: String?,
    remedy: String
  ) throws(FileError) {
    var file = try ModelFile(contentsOf: path, remedy: remedy)
    let opset = try file.opset()
    var graph = file.model.graph
    file.model.clearGraph()
    guard graph.sparseInitializer.isEmpty else {
      throw .malformed(path: path, expected: "dense weights", found: "sparse ones")
    }
    var weights: Set<String> = []
    for tensor in graph.initializer where !weights.insert(tensor.name).inserted {
      throw .malformed(path: path, expected: "weights of different names", found: "two called \(tensor.name)")
    }
    let inputs = graph.input.filter { !weights.contains($0.name) }
    guard inputs.count == 1, graph.output.count == 1, let input = inputs.first,
      let output = graph.output.first
    else {
      throw .malformed(
        path: path, expected: "a network of one input and one output",
        found: "the inputs \(inputs.map(\.name)) and the outputs \(graph.output.map(\.name))")
    }
    let ending = Ending(of: graph, output: output.name)
    let wanted = try featureNode.map { name throws(FileError) in
      guard
        let node = graph.node.first(where: { $0.name == name || $0.output.contains(name) }),
        let result = node.output.contains(name) ? name : node.output.first
      else { throw .malformed(path: path, expected: "a node called \(name)", found: "none") }
      return result
    }
    let order = try NodeOrder(
      graph.node, outputs: [ending.logits] + (wanted.map { [$0] } ?? []),
      given: weights.union([input.name]), path: path)
    let declared = try InputShape(input, imageShape: imageShape, preprocessing.layout, path: path)
    let external = ExternalWeights(besides: path, digest: file.digest)
    // The builder alone holds the file's weights, and lets each go as soon as it is a tensor: a large network
    // is not in memory twice.
    let stored = graph.initializer
    graph.initializer = []
    var program = Program()
    let images = preprocessing.operation.map { program.append($0, [0]) } ?? 0
    let builder = GraphBuilder(
      path: path, opset: opset, exampleBatch: declared.batch, program: program, weights: consume stored,
      external: external, uses: order.uses)
    builder.define(input.name, .computed(try declared.value(images, builder)))
    for node in order.nodes { try builder.build(node) }

    guard case .computed(let logits) = try builder.value(ending.logits), logits.rank == 2,
      let labels = logits.shape.first, labels > 1
    else {
      throw .malformed(
        path: path, expected: "logits [N, labels] of two labels or more",
        found: "\(ending.logits) "
          + ((try? builder.value(ending.logits)).flatMap { $0 }?.described ?? "that nothing makes"))
    }
    var features: ComputedValue?
    if let wanted {
      guard case .computed(let value) = try builder.value(wanted) else {
        throw .malformed(path: path, expected: "features that depend on the images", found: "a constant")
      }
      features = value
    } else {
      features = builder.program.lastDenseInput(of: logits.slot)
    }
    let (needed, places) = builder.program.needed(for: [logits.slot] + (features.map { [$0.slot] } ?? []))
    self.program = needed
    self.logits = places[0]
    self.features = features.map { ComputedValue(slot: places[1], shape: $0.shape, order: $0.order) }
    self.labels = labels
    self.imageShape = declared.imageShape
    sha256 = file.digest.hex()
    labelNames = Self.labelNames(file.model, count: labels)
    notes = ending.note.map { [$0] } ?? []
  }

  private static func labelNames(_ model: ModelProto, count: Int) -> [String]? {
    guard let text = model.metadataProps.first(where: { $0.key == "labels" })?.value,
      let names = try? JSONDecoder().decode([String].self, from: Data(text.utf8)), names.count == count
    else { return nil }
    return names.map { $0.visible(limit: 80) }
  }
}

/// What a graph does to its logits at its end: attacks want them as they are.
private struct Ending {
  let logits: String
  let note: String?

  init(of graph: GraphProto, output: String) {
    var (name, note): (String, String?) = (output, nil)
    // Each step goes to another node: a cycle ends it.
    for _ in graph.node {
      guard let node = graph.node.first(where: { $0.output.first == name }), node.input.count == 1,
        ["Softmax", "LogSoftmax", "Identity"].contains(node.opType)
      else { break }
      name = node.input[0]
      if node.opType != "Identity" { note = "the \(node.opType) at its end is left out: logits are wanted" }
    }
    (logits, self.note) = (name, note)
  }
}

extension Program {
  /// The input of the last dense layer that `result` is made of, a constant number of values an image.
  fileprivate func lastDenseInput(of result: Int) -> ComputedValue? {
    let isNeeded = isNeeded(for: [result])
    for slot in stride(from: result, to: 0, by: -1) where isNeeded[slot] {
      if case .dense(let dense) = steps[slot - 1].operation {
        return ComputedValue(slot: steps[slot - 1].inputs[0], shape: [dense.weight.shape[0]], order: [0])
      }
    }
    return nil
  }
}

extension Value {
  fileprivate var described: String {
    switch self {
    case .integers(let array): "integers of the shape \(array.shape)"
    case .numbers(let tensor): "a constant of the shape \(tensor.shape)"
    case .computed(let value): value.described
    }
  }
}
