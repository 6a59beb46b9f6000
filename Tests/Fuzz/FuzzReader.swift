import Autograd
import Classifier
import Cluster
import Datasets
import Eval
import Experiments
import Figures
import Files
import Foundation
import Generators
import Network
import ONNX
import Pictures
import Reports
import Web

/// What reads files that others made. One line each; the Makefile has the list of names, and `Corpus/NAME`
/// the first inputs.
struct FuzzReader: Sendable {
  let name: String
  let read: @Sendable (Data) throws -> Void

  static let all = [
    FuzzReader(name: "safetensors") { _ = try Safetensors($0, path: "fuzz").entries.count },
    FuzzReader(name: "npy") { try all(of: NPYArray($0, path: "fuzz")) },
    FuzzReader(name: "npz") { data in
      let archive = try NPZArchive(data, path: "fuzz")
      for name in archive.names { try all(of: archive.array(name)) }
    },
    FuzzReader(name: "samples") { _ = try SampleImages(NPYArray($0, path: "fuzz")) },
    FuzzReader(name: "idx") { data in
      for kind in [IDX.Kind.images, .labels] { try refusing { _ = try IDX(kind, data: data, path: "fuzz") } }
    },
    FuzzReader(name: "png") { _ = try PNG.decode($0, path: "fuzz") },
    FuzzReader(name: "jpeg") { _ = try JPEG.picture($0, path: "fuzz") },
    FuzzReader(name: "kind") { _ = FileKind(start: $0, path: "fuzz.pt")?.sentence(wanted: .weights) },
    FuzzReader(name: "classifier") { data in
      try withFile(data) { _ = try NeuralClassifier(contentsOf: $0) }
    },
    FuzzReader(name: "generator") { data in
      try withFile(data) { _ = try Generator(contentsOf: $0) }
    },
    FuzzReader(name: "classifier-state") { data in
      try withFile(data) { _ = try ClassifierTrainer.recipe(at: $0) }
    },
    FuzzReader(name: "generator-state") { data in
      try withFile(data) { _ = try GeneratorTrainer.settings(at: $0) }
    },
    FuzzReader(name: "onnx") { data in
      try withFile(data, ending: ".onnx") { path in
        let classifier = try ForeignClassifier(contentsOf: path, name: "fuzz")
        // An image of a few pixels: what is fuzzed is the reading, not the arithmetic.
        guard classifier.imageShape.reduce(1, *) <= 4096 else { return }
        _ = classifier.logits(.zeros([1] + classifier.imageShape))
      }
    },
    FuzzReader(name: "part") { data in
      let folder = FileManager.default.temporaryDirectory.path + "/assay-fuzz-\(getpid())"
      defer { try? FileManager.default.removeItem(atPath: folder) }
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try data.write(to: URL(fileURLWithPath: "\(folder)/part-1-of-1.assay"))
      let parts = try PartSet(folder) { _, _ in "make it" }
      _ = try Division(parts).map("task", count: 3, size: 2, missing: 0) { _ in [0, 0] }
    },
    FuzzReader(name: "csv") { data in
      try withFile(data, ending: "_train.csv") { _ = try Dataset(name: "fuzz").load(.train, from: $0) }
    },
    FuzzReader(name: "label-names") { _ = try LabelNames($0, path: "fuzz") },
    FuzzReader(name: "labels") { data in
      let names = ["Hat", "T-shirt/top", "Größe"]
      try withFile(data) {
        _ = try LabelArray(contentsOf: $0).labels(imageCount: 4, labelCount: names.count, names: names)
      }
    },
    FuzzReader(name: "mask") { data in
      let images = LabeledImages(
        name: "fuzz", split: .test, height: 2, width: 3, pixels: [UInt8](repeating: 9, count: 24),
        labels: [0, 0, 0, 0], labelNames: ["Hat"])
      for takesFirst in [false, true] {
        try refusing {
          _ = try PixelMask(data, path: "fuzz", for: images, takesFirst: takesFirst).closedCount
        }
      }
    },
    FuzzReader(name: "cache") { data in
      do {
        let value: RealStatistics = try RealCache.value(in: data, ["format": "fuzz"])
        _ = value
      } catch is RealCache.Refusal {}
    },
    FuzzReader(name: "leaderboard") { data in
      try withFile(data, ending: ".json") { path in
        guard let file = try LeaderboardFolder.read(path) else { return }
        // Twice, as two artefacts of one name.
        let board = try Leaderboard([(path, file), (path, file)], in: "fuzz", ranker: "conv")
        try JSON.check(board)
        let report = LeaderboardReport(board)
        _ = (
          report.table(Layout()), report.table(Layout(width: 40)), report.markdown, report.csv, report.html
        )
      }
    },
    FuzzReader(name: "http") { data in
      // However the bytes are cut, they are the same requests.
      let whole = requests(in: [data])
      precondition(requests(in: data.map { Data([$0]) }) == whole)
    },
    FuzzReader(name: "markdown") { data in
      _ = MarkdownDocument(String(decoding: data, as: UTF8.self)).markup()
    },
  ]

  /// The paths of the requests on one connection, and how it ended.
  private static func requests(in pieces: [Data]) -> [String] {
    var parser = HTTPRequestParser(limits: HTTPLimits(), origin: SameOrigin(host: "127.0.0.1", port: 80))
    var found: [String] = []
    do throws(HTTPRefusal) {
      for piece in pieces {
        parser.add(piece)
        reading: while true {
          switch try parser.next() {
          case .request(let request):
            let picture = Multipart.file(
              "picture", in: request.body, contentType: request.headers["content-type"] ?? "")
            found.append("\(request.path) \(request.query) \(picture?.count ?? 0)")
          case .sendContinue: continue
          case .needsMore: break reading
          }
        }
      }
    } catch {
      found.append("\(error.status)")
    }
    return found
  }

  /// Every way to take the elements; those that the kind forbids are refused.
  private static func all(of array: NPYArray) throws {
    try refusing { _ = try array.bytes() }
    try refusing { _ = try array.integers() }
    try refusing { _ = try array.floats() }
    try refusing { _ = try array.doubles() }
  }

  private static func refusing(_ body: () throws -> Void) throws {
    do { try body() } catch is FileError {}
  }

  /// For readers that want a path. In memory, where the system has such a folder.
  private static func withFile(_ data: Data, ending: String = "", _ body: (String) throws -> Void) throws {
    let folder =
      FileManager.default.fileExists(atPath: "/dev/shm")
      ? "/dev/shm" : FileManager.default.temporaryDirectory.path
    let path = "\(folder)/assay-fuzz-\(getpid())\(ending)"
    defer { unlink(path) }
    try data.write(to: URL(fileURLWithPath: path))
    try body(path)
  }
}
