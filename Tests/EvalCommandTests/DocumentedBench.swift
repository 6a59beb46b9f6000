import Datasets
import Files
import Foundation
import Network
import Pictures
import Testing

/// A folder that holds what a document names, as small as can be, in which the lines that it shows are run by
/// a shell.
struct DocumentedBench {
  /// A line that was run.
  struct Run {
    let line: String
    let outcome: Workbench.Outcome

    /// What it printed, the progress first.
    var output: String { "\(outcome.errors)\n\(outcome.output)" }
  }

  private let bench: Workbench

  init(_ document: String) throws {
    bench = try Workbench()
    let text = Documents.text(of: document)
    let named = try Self.files.get().filter { text.contains($0.key) }.values.flatMap(\.self)
    for (name, data) in named {
      let url = URL(fileURLWithPath: bench.path(name))
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: url)
    }
  }

  // MARK: - Running

  /// What is added to the commands that begin so, that they end in a second or two; the longest counts. Of an
  /// option that is there twice, the last value is taken.
  private static let additions = [
    "reproduce --only": "--count 20",
    "reproduce --budget": "--count 20 --budget 0.02 --only A1 D6",
    "accuracy-vs-epsilon --classifier mine": "--anyway", "confusion-matrix --classifier mine": "--anyway",
    "robustness": "--limit 2 --slow-limit 1",
    "score": "--count 20", "score --features": "", "score samples.npy --judge mine": "--count 20 --anyway",
    "train classifier conv": "--limit 20", "train classifier conv-relu": "--limit 20 --epochs 1",
    "train colorizer": "--limit 10 --batch 5",
    "train generator": "--limit 8 --batch 8 --epochs 1 --overwrite", "train generator --list": "",
    "train generator flower-gan": "--batch 4 --iterations 2",
    "train generator wgan-gp": "--limit 20 --batch 4",
  ]

  /// Where the documents' files are here, and how the command is called.
  private static let places = [
    ".build/release/eval ": "eval ", "/usr/share/openclipart/png": "pictures",
    "/usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz": "data/t10k-images-idx3-ubyte",
  ]

  /// - Parameter settings: the lines before it that set variables.
  func run(_ line: String, after settings: [String] = []) throws -> Run {
    let words = line.firstRange(of: "eval ").map { line[$0.upperBound...] } ?? ""
    let addition = Self.additions.filter { words.hasPrefix($0.key) }.max { $0.key.count < $1.key.count }
    let script = Self.places.reduce((settings + [line]).joined(separator: "\n")) {
      $0.replacing($1.key, with: $1.value)
    }
    let outcome = try bench.shell(
      """
      set -o pipefail
      export FASHION_MNIST_DIR="$PWD/data"
      eval() { "$EVAL" "$@" \(addition?.value ?? ""); }
      jq() { grep "\\"${1#.}\\""; }
      \(script)
      """)
    return Run(line: line, outcome: outcome)
  }

  // MARK: - Files

  /// By what a document says that wants them: files by their names.
  private typealias Files = [String: [String: Data]]

  /// Made once for all documents.
  private static let files = Result { try generators().merging(arrays()) { $1 }.merging(others()) { $1 } }

  /// Three trainings of one step, two of them under the names of others as well. Judges differ about those.
  private static func generators() throws -> Files {
    let bench = try Workbench()
    let outcome = try bench.eval(
      "train generator cgan-x --seeds 1,2,3 --data data --limit 8 --batch 4 --iterations 1 --output runs")
    try #require(outcome.status == 0, "\(outcome.errors)")
    let weights = try (1...3).map {
      try AtomicFile.read(bench.path("runs/seed-\($0)/generator.safetensors"))
    }
    func files(_ folder: String, _ index: Int) -> [String: Data] {
      ["\(folder)/generator.safetensors": weights[index]]
    }
    return [
      "runs/assay-gan": files("runs/assay-gan", 0), "runs/cgan-x": files("runs/cgan-x", 1),
      "runs/gan/seed-1": files("runs/gan/seed-1", 0), "runs/gan/seed-2": files("runs/gan/seed-2", 1),
      "runs/gan/seed-3": files("runs/gan/seed-3", 2),
    ]
  }

  /// Samples, their labels, and features.
  private static func arrays() throws -> Files {
    let pixels = TinySet.content(of: .testImages).dropFirst(16).map { Float($0) / 255 * 0.9 }
    let labels = NPY.data((0..<20).map { $0 % 10 }, shape: [20])
    let samples = NPY.data(pixels, shape: [20, 28, 28])
    func features(_ divisor: Int) -> Data {
      NPY.data((0..<60).map { Float($0 * $0 % divisor) }, shape: [20, 3])
    }
    let archive = try NPZ.data(["images": samples, "labels": labels])
    // The middle of each image.
    let mask = NPY.data(
      (0..<784).map { UInt8((7..<21).contains($0 / 28) && (7..<21).contains($0 % 28) ? 1 : 0) },
      shape: [28, 28])
    return [
      "samples.npy": ["samples.npy": samples, "labels.npy": labels], "samples.npz": ["samples.npz": archive],
      "middle.npy": ["middle.npy": mask],
      "--features": ["real.npy": features(11), "generated.npy": features(13)],
    ]
  }

  /// Classifiers, another data set, and folders of pictures in colour.
  private static func others() throws -> Files {
    let bench = try Workbench()
    let classifier = try AtomicFile.read(bench.dense())
    let attacked = "docs/results/robustness/conv-fgsm.safetensors"
    var (set, pictures) = ([String: Data](), [String: Data]())
    for file in DatasetFile.allCases {
      set["path/to/set/\(file.rawValue)"] = try AtomicFile.read(bench.path("data/\(file.rawValue)"))
    }
    let labels = ["animals", "food", "people", "shapes", "signs_and_symbols", "transportation"]
    for (label, name) in labels.enumerated() {
      for number in 0..<10 { pictures["pictures/\(name)/\(number).png"] = try picture(label, number) }
    }
    return [
      "w.safetensors": ["w.safetensors": classifier], attacked: [attacked: classifier], "path/to/set": set,
      "openclipart": pictures, "mine.onnx": ["mine.onnx": try network()],
      "mine.safetensors": ["mine.safetensors": state.encoded()],
    ]
  }

  /// A network from elsewhere.
  private static func network() throws -> Data {
    let bench = try Workbench()
    let outcome = try bench.eval("export-onnx dense --output mine.onnx")
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try AtomicFile.read(bench.path("mine.onnx"))
  }

  /// Weights of a `conv` as PyTorch has them.
  private static var state: Safetensors {
    let shapes = [
      "conv1.weight": [64, 1, 5, 5], "conv1.bias": [64], "conv2.weight": [128, 64, 5, 5], "conv2.bias": [128],
      "logits.weight": [10, 6272], "logits.bias": [10],
    ]
    return Safetensors(
      entries: shapes.mapValues { shape in
        let count = shape.reduce(1, *)
        return Safetensors.Entry(shape: shape, values: (0..<count).map { Float($0 % 17) / 170 - 0.05 })
      })
  }

  /// Stripes in a colour of the label.
  private static func picture(_ label: Int, _ number: Int) throws -> Data {
    let pixels = (0..<28 * 28).flatMap { place -> [UInt8] in
      let noise = (place * 37 + number * 101) * 2_654_435_761 >> 7 & 63
      return [UInt8(label * 30 + noise), UInt8(place % (label + 2) * 20 + noise), UInt8(200 - label * 30)]
    }
    return try PNG.encode(Bitmap(width: 28, height: 28, channels: 3, pixels: pixels))
  }
}
