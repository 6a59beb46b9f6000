import Datasets
import Files
import Foundation
import Testing

/// One run of each kind, made once for all tests of notebooks.
enum NotebookBench {
  struct Kind: Sendable, CustomStringConvertible {
    let run: String
    /// What the heading says.
    let title: String
    /// What the code reads, within the run's folder of data.
    let files: [String]
    var description: String { run }
  }

  static let kinds = [
    Kind(run: "attacked", title: "Accuracy against ε", files: ["accuracy-vs-epsilon.json"]),
    Kind(run: "confusion", title: "Confusion matrix of dense", files: ["confusion-matrix.json"]),
    Kind(run: "robust", title: "Robustness", files: ["robustness.json"]),
    Kind(run: "classifier", title: "Training of dense", files: ["first-layer.safetensors", "history.csv"]),
    Kind(
      run: "generator", title: "Training of cgan-x",
      files: ["images.npz", "losses.csv", "step-0000100.png"]),
    Kind(
      run: "colorizer", title: "Training of a colorizer",
      files: ["step-0000005.png"]),
    Kind(run: "score", title: "Scores", files: ["score.json"]),
    Kind(run: "board", title: "Leaderboard", files: ["leaderboard.json"]),
    Kind(run: "ranks.json", title: "Leaderboard", files: ["leaderboard.json"]),
    Kind(run: "judges.json", title: "Checks of the judges", files: ["judges.json"]),
    Kind(run: "coloured.json", title: "Colouring by colorizer", files: ["coloured.json"]),
    Kind(run: "set.json", title: "The data set fashion-mnist", files: ["set.json"]),
  ]

  private static let commands = [
    "accuracy-vs-epsilon --classifier dense.safetensors --epsilons 0,0.05,0.2 --output attacked",
    "confusion-matrix --classifier dense.safetensors --output confusion",
    "robustness --classifier dense.safetensors --limit 10 --slow-limit 2 --output robust",
    "train classifier dense --epochs 2 --batch 8 --output classifier",
    "train generator cgan-x --iterations 200 --steps-per-snapshot 100 --batch 8 --output generator",
    "train colorizer --epochs 1 --batch 8 --output colorizer",
    "score images.npy --labels labels.npy --output score",
    "score images.npy --labels labels.npy --leaderboard board",
    "score others.npy --labels labels.npy --leaderboard board",
  ]

  /// The files of all runs, made once.
  private static let made = Result {
    let bench = try Workbench()
    _ = try bench.dense()
    let pixels = TinySet.content(of: .testImages).dropFirst(16)
    for (name, scale) in [("images", Float(0.9)), ("others", 0.5)] {
      try AtomicFile.write(
        NPY.data(pixels.map { Float($0) / 255 * scale }, shape: [20, 28, 28]), to: bench.path("\(name).npy"))
    }
    try AtomicFile.write(NPY.data((0..<20).map { $0 % 10 }, shape: [20]), to: bench.path("labels.npy"))
    for command in commands {
      let outcome = try bench.eval("\(command) --data data")
      try #require(outcome.status == 0, "\(command): \(outcome.errors)")
    }
    for (name, command) in [
      ("coloured", "colorize --colorizer colorizer --data data"), ("set", "dataset --data data"),
      ("ranks", "leaderboard board"),
    ] {
      let outcome = try bench.eval("\(command) --format json")
      try #require(outcome.status == 0, "\(command): \(outcome.errors)")
      try AtomicFile.write(outcome.output, to: bench.path("\(name).json"))
    }
    let checks = """
      {"schema": "assay/judge-check/1", "judge": "j", "count": 20, "passed": false, "checks": [
        {"number": "D1", "claim": "a claim", "found": "what it should", "passed": true},
        {"number": "D2", "claim": "another", "found": "something else", "passed": false}]}
      """
    try AtomicFile.write(checks, to: bench.path("judges.json"))
    var files: [String: Data] = [:]
    for name in bench.files(below: ".") { files[name] = try AtomicFile.read(bench.path(name)) }
    return files
  }

  /// A workbench of one's own with copies of these runs.
  static func with(_ runs: String...) throws -> Workbench {
    let (files, bench) = (try made.get(), try Workbench())
    for (name, data) in files where runs.contains(where: { name == $0 || name.hasPrefix("\($0)/") }) {
      try AtomicFile.write(data, to: bench.path(name))
    }
    return bench
  }
}

extension Workbench {
  /// The cells of the notebook `name`, each as JSON.
  func cells(_ name: String) throws -> [[String: Any]] {
    try Dictionary(json: AtomicFile.read(path(name))).objects("cells")
  }

  /// The source of each cell of a type.
  func sources(_ name: String, _ type: String) throws -> [String] {
    try cells(name).filter { $0["cell_type"] as? String == type }.map {
      try #require($0["source"] as? [String]).joined()
    }
  }

  func write(_ text: String, to name: String) throws { try AtomicFile.write(text, to: path(name)) }
}
