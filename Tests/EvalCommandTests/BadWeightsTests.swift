import Classifier
import Files
import Foundation
import Kernels
import Network
import TestSupport
import Testing

/// Classifiers that cannot be used, in both commands that take one.
@Suite struct BadWeightsTests {
  static let commands = ["accuracy-vs-epsilon --epsilons 0,0.1", "confusion-matrix"]

  private func run(_ bench: Workbench, _ command: String, _ weights: String) throws -> Workbench.Outcome {
    try bench.eval("\(command) --data data --output out --classifier \(weights)")
  }

  @Test(arguments: commands)
  func aMissingFileIsMissing(command: String) throws {
    let bench = try Workbench()
    let outcome = try run(bench, command, "nothing.safetensors")
    expectFailure(
      bench, outcome, status: 66,
      naming: ["nothing.safetensors", "not found", "dense, conv", "file of weights"])
    #expect(bench.files(below: "out").isEmpty)
  }

  @Test(arguments: commands)
  func aFolderCannotBeRead(command: String) throws {
    let bench = try Workbench()
    expectFailure(bench, try run(bench, command, "data"), status: 66, naming: ["data", "folder"])
  }

  struct Damage: Sendable, CustomStringConvertible {
    let description: String
    let named: [String]
    let apply: @Sendable (Data) throws -> Data

    init(_ description: String, naming named: String..., apply: @escaping @Sendable (Data) throws -> Data) {
      self.description = description
      self.named = named
      self.apply = apply
    }

    /// A change within the format.
    static func edit(
      _ description: String, naming named: String..., apply: @escaping @Sendable (inout Safetensors) -> Void
    ) -> Damage {
      var damage = Damage(description) { data in
        var file = try Safetensors(data, path: "weights")
        apply(&file)
        return file.encoded()
      }
      damage = Damage(description: damage.description, named: named, apply: damage.apply)
      return damage
    }

    private init(description: String, named: [String], apply: @escaping @Sendable (Data) throws -> Data) {
      self.description = description
      self.named = named
      self.apply = apply
    }
  }

  static let damages: [Damage] = [
    Damage("empty", naming: "an empty file") { _ in Data() },
    Damage("garbage", naming: "safetensors", "plain text") { _ in Data("these are no weights at all".utf8) },
    Damage("a web page", naming: "a web page", "download it again") { _ in Data("<!DOCTYPE html><html>".utf8)
    },
    Damage("a pointer of Git LFS", naming: "a Git LFS pointer", "git lfs pull") { _ in
      Data("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 408008\n".utf8)
    },
    Damage("weights of Keras", naming: "an HDF5 file, as Keras", "as safetensors") { _ in
      Data([0x89] + "HDF\r\n\u{1a}\n".utf8) + Data(count: 100)
    },
    Damage("packed", naming: "a gzip file", "unpack it") { try gzip([UInt8]($0)) },
    Damage("infinite", naming: "finite") { data in
      var file = try Safetensors(data, path: "weights")
      file.entries["logits.bias"] = .init(shape: [10], values: [Float](repeating: -.infinity, count: 10))
      return file.encoded()
    },
    Damage("a tensor twice", naming: "twice") { data in
      var text = data
      let range = try #require(text.range(of: Data(#""hidden.weight""#.utf8)))
      text.replaceSubrange(range, with: Data(#""hidden.bias"  "#.utf8))
      return text
    },
    .edit("escapes in the architecture", naming: #"found a\u{1B}[31m<script>\n"#) {
      $0.metadata["architecture"] = "a\u{1B}[31m<script>\n"
    },
    .edit("escapes in the format", naming: #"the format a\u{1B}[31m\n"#) {
      $0.metadata["format"] = "a\u{1B}[31m\n" + String(repeating: "x", count: 1_000_000)
    },
    .edit("a million labels", naming: "labels [\"\\u{1B}") {
      $0.metadata["labels"] = "[\"\u{1B}\"" + String(repeating: ",\"\u{1B}\"", count: 1_000_000) + "]"
    },
    .edit("a name of a million letters", naming: "hidden.weight") {
      $0.entries["hidden.\u{1B}" + String(repeating: "x", count: 1_000_000)] = $0.entries["hidden.weight"]
      $0.entries["hidden.weight"] = nil
    },
    Damage("truncated", naming: "hidden.weight") { $0.prefix(5000) },
    Damage("one byte short", naming: "bytes") { $0.dropLast() },
    .edit("another format", naming: "assay/classifier/1", "something else") {
      $0.metadata["format"] = "something else"
    },
    .edit("no metadata", naming: "assay/classifier/1") { $0.metadata = [:] },
    .edit("another architecture", naming: "dense, conv, conv-relu", "transformer") {
      $0.metadata["architecture"] = "transformer"
    },
    .edit("not a number", naming: "finite") { file in
      guard let entry = file.entries["logits.bias"] else { return }
      file.entries["logits.bias"] = .init(shape: entry.shape, values: [.nan] + entry.values.dropFirst())
    },
    .edit("another shape", naming: "hidden.weight", "[784, 128]", "[128, 784]") { file in
      guard let entry = file.entries["hidden.weight"] else { return }
      file.entries["hidden.weight"] = .init(shape: [128, 784], values: entry.values)
    },
  ]

  @Test(arguments: damages)
  func aDamagedFileIsBadData(_ damage: Damage) throws {
    let bench = try Workbench()
    let weights = try damage.apply(AtomicFile.read(try bench.dense()))
    try AtomicFile.write(weights, to: bench.path("damaged"))
    for command in Self.commands {
      let outcome = try run(bench, command, "damaged")
      #expect(outcome.errors.utf8.count < 1000 && !outcome.errors.contains("\u{1B}"))
      expectFailure(bench, outcome, status: 65, naming: ["damaged: ", "expected ", "found "] + damage.named)
    }
    #expect(bench.files(below: "out").isEmpty)
  }

  /// The names of labels stand in tables and pictures.
  @Test func namesOfLabelsAreMadeVisible() throws {
    let bench = try Workbench()
    var file = try Safetensors(contentsOf: try bench.dense())
    file.metadata["labels"] = #"["\u001b[31m<b>\n","1","2","3","4","5","6","7","8","9"]"#
    try file.write(to: bench.path("w"))
    let classifier = try NeuralClassifier(contentsOf: bench.path("w"))
    #expect(classifier.labelNames[0] == #"\u{1B}[31m<b>\n"#)
  }

  /// Weights out of another program: `cat w.safetensors | eval … --classifier /dev/stdin`.
  @Test func weightsComeThroughAPipe() throws {
    let bench = try Workbench()
    let weights = try AtomicFile.read(bench.dense())
    var piped: Workbench.Outcome?
    try withPipe(at: bench.path("pipe"), writing: { try? AtomicFile.write(weights, to: $0) }) { _ in
      piped = try bench.eval("confusion-matrix --data data --format csv --classifier pipe")
    }
    let whole = try bench.eval("confusion-matrix --data data --format csv --classifier dense.safetensors")
    #expect(piped?.status == 0 && piped?.output == whole.output, "\(piped?.errors ?? "")")
  }

  /// Sound classifiers, but not for these images.
  @Test(arguments: [
    ([14, 14, 1], 10, ["[28, 28, 1]", "[14, 14, 1]"]), ([28, 28, 3], 10, ["[28, 28, 1]", "[28, 28, 3]"]),
    ([28, 28, 1], 4, ["10 labels", "one of 4"]),
  ])
  func aClassifierOfOtherImagesIsBadData(shape: [Int], labels: Int, named: [String]) throws {
    let bench = try Workbench()
    try NeuralClassifier(
      .dense, imageShape: shape, labelNames: (0..<labels).map(String.init), key: Key(seed: 1)
    ).file().write(to: bench.path("other"))
    for command in Self.commands {
      expectFailure(
        bench, try run(bench, command, "other"), status: 65,
        naming: ["other: ", "expected ", "found "] + named)
    }
    #expect(bench.files(below: "out").isEmpty)
  }
}
