import Datasets
import Experiments
import Files
import Generators

/// Images asked of a generator by an address: the same that `eval generate` draws with options of these
/// names.
struct DrawRequest: Equatable {
  /// As the address names it.
  let generator: String
  let label: String?
  let seed: UInt64
  let count: Int
  let truncation: Double
  /// The seed whose noise the images go to; nil for images of independent noise.
  let interpolate: UInt64?

  static let mostImages = 100
  static let truncations = 0.0...10.0

  /// - Parameter generators: their names; the first is drawn with where none is asked for.
  init(_ query: LiveQuery, generators: [String], named parameter: String = "generator") throws(LiveRefusal) {
    guard let generator = try query.choice(parameter, of: generators) else {
      throw .gone("generator", "there is no trained generator in this folder")
    }
    self.generator = generator
    label = query["label"]
    seed = try query.seed("seed") ?? 1
    count = try query.integer("count", in: 1...Self.mostImages, default: 36)
    truncation = try query.number("truncation", in: Self.truncations, default: 1)
    interpolate = try query.seed("interpolate")
  }

  /// The drawing of that generator.
  ///
  /// - Throws: ``LiveRefusal`` for a label that it does not know.
  func drawing(_ generator: Generator) throws(LiveRefusal) -> GeneratorDrawing {
    GeneratorDrawing(
      count: count, seed: seed, label: try labelIndex(in: generator), truncation: Float(truncation),
      lastSeed: interpolate)
  }

  private func labelIndex(in generator: Generator) throws(LiveRefusal) -> Int? {
    guard let label else { return nil }
    let names = generator.labelNames
    guard !names.isEmpty else {
      throw .malformed(
        "label", expected: "none, for \(generator.recipe.name) draws what it likes", found: label)
    }
    let index = generator.recipe.knowsLabels ? LabelName.index(of: label, in: names) : Int(label)
    guard let index, names.indices.contains(index) else {
      throw .malformed(
        "label", expected: names.joined(separator: ", ") + " or 0 to \(names.count - 1)", found: label)
    }
    return index
  }

  /// The address of the page, or with another ending of a file, that shows the same.
  func address(_ page: String) -> String {
    var fields = [("generator", generator)]
    if let label { fields.append(("label", label)) }
    fields += [("seed", "\(seed)"), ("count", "\(count)"), ("truncation", "\(truncation)")]
    if let interpolate { fields.append(("interpolate", "\(interpolate)")) }
    return page + "?" + fields.map { "\($0.0)=\(Address.field($0.1))" }.joined(separator: "&")
  }

  /// The command that draws the same.
  ///
  /// - Parameter path: of the generator.
  func command(_ path: String) -> String {
    var words = ["eval", "generate", "--generator", path.shellWord]
    if let label { words += ["--label", label.shellWord] }
    words += ["--count", "\(count)", "--seed", "\(seed)"]
    if truncation != 1 { words += ["--truncation", "\(truncation)"] }
    if let interpolate { words += ["--interpolate", "\(interpolate)"] }
    return (words + ["--output", "images.png"]).joined(separator: " ")
  }
}
