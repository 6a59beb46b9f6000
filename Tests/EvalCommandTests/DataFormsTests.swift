import Datasets
import Files
import Foundation
import Network
import TestSupport
import Testing

/// Data sets of other forms than the four files of MNIST, through the commands.
@Suite struct DataFormsTests {
  private static let parts = [
    "train-images-idx3", "train-labels-idx1", "test-images-idx3", "test-labels-idx1",
  ]

  /// Writes a set of as many images a split as there are labels, which go from `first`; each label has pixels
  /// of its own.
  private func write(_ folder: String, prefix: String, labels: Int, first: Int = 0) throws {
    var images: [UInt8] = []
    for label in 0..<labels {
      for place in 0..<784 {
        let noise = (place * 31 + label * 17) % 40
        images.append(place / 14 == label ? 255 : UInt8(noise))
      }
    }
    for (index, part) in Self.parts.enumerated() {
      let content =
        index % 2 == 0
        ? idx([labels, 28, 28], images) : idx([labels], (0..<labels).map { UInt8($0 + first) })
      try AtomicFile.write(try gzip(content), to: "\(folder)/\(prefix)-\(part)-ubyte.gz")
    }
  }

  /// The count of labels and the first and last name, as `eval dataset` says.
  private func labels(_ bench: Workbench, _ options: String) throws -> [String] {
    let outcome = try bench.eval("dataset --format csv " + options)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n").dropFirst()
    return ["\(lines.count)", String(lines.first ?? ""), String(lines.last ?? "")]
  }

  @Test func labelsAreNumberedOrNamed() throws {
    let bench = try Workbench()
    try write(bench.path("balanced"), prefix: "emnist-balanced", labels: 47)
    try write(bench.path("letters"), prefix: "emnist-letters", labels: 26, first: 1)
    try write(bench.path("byclass"), prefix: "emnist-byclass", labels: 62)
    #expect(try labels(bench, "--data balanced") == ["47", "0,1", "46,1"])
    #expect(try labels(bench, "--data letters --split test") == ["26", "1,1", "26,1"])
    #expect(try labels(bench, "--data byclass") == ["62", "0,1", "61,1"])
    let names = (0..<47).map { "name \($0)\r\n" }.joined()
    try AtomicFile.write(names, to: bench.path("names.txt"))
    let mapping = (1...26).map { "\($0) \(64 + $0) \(96 + $0)\n" }.joined()
    try AtomicFile.write(mapping, to: bench.path("mapping.txt"))
    #expect(try labels(bench, "--data balanced --label-names names.txt") == ["47", "name 0,1", "name 46,1"])
    #expect(try labels(bench, "--data letters --label-names mapping.txt") == ["26", "A/a,1", "Z/z,1"])
    let few = try bench.eval("dataset --data balanced --label-names mapping.txt")
    expectFailure(
      bench, few, status: 65, naming: ["emnist-balanced", "labels from 1 to 26", "found 0 at position 0"])
    let none = try bench.eval("dataset --data balanced --label-names nothing.txt")
    expectFailure(bench, none, status: 66, naming: ["nothing.txt"])
  }

  /// The whole way with more labels than ten: training, both commands that evaluate, and the pictures.
  @Test(arguments: [("dense", 47, 0), ("conv", 26, 1)])
  func everyCommandTakesManyLabels(architecture: String, count: Int, first: Int) throws {
    let bench = try Workbench()
    try write(bench.path("many"), prefix: "many", labels: count, first: first)
    let training = try bench.eval(
      "train classifier \(architecture) --data many --epochs 2 --batch 8 --output run")
    #expect(training.status == 0, "\(training.errors)")
    let weights = "run/classifier.safetensors"
    let file = try Safetensors(contentsOf: bench.path(weights))
    #expect(file.entries.values.contains { $0.shape == [count] }, "a logit a label")
    let matrix = try bench.eval(
      "confusion-matrix --data many --classifier \(weights) --epsilon 8/255 --examples 2 --output matrix --format csv"
    )
    #expect(matrix.status == 0, "\(matrix.errors)")
    let lines = matrix.output.split(separator: "\n")
    #expect(lines.count == count + 1 && lines.allSatisfy { $0.split(separator: ",").count == count + 1 })
    #expect(bench.files(below: "matrix").contains("confusion-matrix.png"))
    let curve = try bench.eval(
      "accuracy-vs-epsilon --data many --classifier \(weights) --epsilons 0,8/255 --target \(count) --output curve"
    )
    #expect(
      curve.status == (first == 1 ? 0 : 64), "--target \(count) is the last of 1, 2, …: \(curve.errors)")
    for command in ["confusion-matrix", "accuracy-vs-epsilon", "robustness"] {
      let other = try bench.eval("\(command) --data many --classifier dense")
      expectFailure(bench, other, status: 65, naming: ["\(count) labels", "one of 10"])
    }
  }

  @Test func theTestImagesAloneAreEnoughToEvaluate() throws {
    let bench = try Workbench()
    let weights = try bench.dense()
    for name in ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"] {
      try FileManager.default.removeItem(atPath: bench.path("data/\(name)"))
    }
    for command in ["accuracy-vs-epsilon --epsilons 0,0.1", "confusion-matrix"] {
      let outcome = try bench.eval("\(command) --data data --classifier \(weights)")
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let training = try bench.eval("train classifier dense --data data --output run")
    expectFailure(bench, training, status: 66, naming: ["data/train-images-idx3-ubyte", "not found"])
  }

  /// The same images from files of IDX, a table and an archive of Keras give the same numbers.
  @Test func tablesAndArchivesAreTheSameSet() throws {
    let bench = try Workbench()
    let plain = try bench.eval("dataset --data data --split test --format json")
    let pixels = TinySet.content(of: .testImages).dropFirst(16)
    let labels = TinySet.content(of: .testLabels).dropFirst(8)
    var rows: [String] = []
    for (index, label) in labels.enumerated() {
      let image = pixels.dropFirst(index * 784).prefix(784)
      rows.append("\(label)," + image.map { String($0) }.joined(separator: ","))
    }
    let titles = "label," + (1...784).map { "pixel\($0)" }.joined(separator: ",")
    try AtomicFile.write(
      ([titles] + rows).joined(separator: "\r\n"), to: bench.path("table/fashion-mnist_test.csv"))
    try AtomicFile.createFolder(bench.path("keras"))
    try NPZ.write(
      [
        "x_test": NPY.data([UInt8](pixels), shape: [20, 28, 28]),
        "y_test": NPY.data([UInt8](labels), shape: [20, 1]),
      ], to: bench.path("keras/fashion_mnist.npz"))
    for path in ["table", "table/fashion-mnist_test.csv", "keras", "keras/fashion_mnist.npz"] {
      let other = try bench.eval("dataset --data \(path) --split test --format json")
      #expect(plain.status == 0 && other.output == plain.output, "\(path): \(other.errors)")
    }
    try AtomicFile.write(
      "pixel0,pixel1,pixel2,pixel3\n1,2,3,4\n", to: bench.path("kaggle/test.csv"))
    let unlabelled = try bench.eval("dataset --data kaggle --split test")
    expectFailure(
      bench, unlabelled, status: 65, naming: ["kaggle/test.csv", "called label", "without labels"])
  }

  @Test func twoSetsInOneFolderAreRefused() throws {
    let bench = try Workbench()
    try write(bench.path("two"), prefix: "emnist-balanced", labels: 47)
    try write(bench.path("two"), prefix: "emnist-letters", labels: 26, first: 1)
    expectFailure(
      bench, try bench.eval("dataset --data two"), status: 65,
      naming: ["two", "--dataset", "emnist-balanced, emnist-letters"])
    #expect(try labels(bench, "--data two --dataset emnist-letters")[0] == "26")
  }

  // MARK: - Classifiers and data

  /// The weights of the trained classifier with other names, or other weights.
  private func changed(
    _ bench: Workbench, to path: String, names: [String]? = nil, factor: Float = 1
  ) throws {
    let file = try Safetensors(contentsOf: bench.dense())
    var metadata = file.metadata
    if let names { metadata["labels"] = "[" + names.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
    let entries = file.entries.mapValues {
      Safetensors.Entry(shape: $0.shape, values: $0.values.map { $0 * factor })
    }
    try Safetensors(entries: entries, metadata: metadata).write(to: bench.path(path))
  }

  private static let names = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
  ]

  @Test func otherLabelNamesGetAWord() throws {
    let bench = try Workbench()
    try changed(bench, to: "same.safetensors")
    try changed(bench, to: "order.safetensors", names: Self.names.reversed())
    try changed(bench, to: "other.safetensors", names: Self.names.dropLast() + ["Hat"])
    for (name, words) in [
      ("same", []), ("order", ["another order", "label 0", "Ankle boot", "T-shirt/top"]),
      ("other", ["other labels", "label 9", "Hat", "Ankle boot"]),
    ] {
      for command in ["confusion-matrix", "accuracy-vs-epsilon --epsilons 0,0.1"] {
        let outcome = try bench.eval("\(command) --data data --classifier \(name).safetensors")
        #expect(outcome.status == 0)
        let notes = outcome.messages.filter { $0.contains("note: \(name)") }
        #expect(notes.count == (words.isEmpty ? 0 : 1), "\(outcome.errors)")
        for word in words { #expect(notes.first?.contains(word) == true, "no \(word) in \(notes)") }
      }
    }
    let surrogate = try bench.eval(
      "accuracy-vs-epsilon --data data --classifier same.safetensors --craft-on other.safetensors --epsilons 0,0.1"
    )
    #expect(surrogate.messages.contains { $0.contains("note: other") && $0.contains("Hat") })
  }

  @Test(arguments: [
    "confusion-matrix", "confusion-matrix --epsilon 0.1", "accuracy-vs-epsilon --epsilons 0,0.1",
    "robustness --slow-limit 1",
  ])
  func logitsThatOverflowAreRefused(command: String) throws {
    let bench = try Workbench()
    try changed(bench, to: "large.safetensors", factor: 1e21)
    let outcome = try bench.eval("\(command) --data data --classifier large.safetensors")
    expectFailure(bench, outcome, status: 65, naming: ["large", "finite", "20 of 20 images"])
  }

  // MARK: - Numbers as people write them

  @Test(arguments: ["-1,1", "-1..1", "[-1,1]", "-1:1", "-1…1", "-1-1"])
  func rangesAreReadAsTheyAreMeant(text: String) throws {
    let bench = try Workbench()
    let weights = try bench.dense()
    let command = "accuracy-vs-epsilon --data data --epsilons 0,16/255 --format csv --classifier \(weights)"
    let usual = try bench.eval("\(command) --pixel-range -1...1")
    let other = try bench.eval("\(command) --pixel-range \(text)")
    #expect(usual.status == 0 && other.output == usual.output, "\(other.errors)")
  }

  /// A fraction is the single-precision number nearest to its quotient.
  @Test func fractionsAreNumbers() throws {
    let bench = try Workbench()
    let weights = try bench.dense()
    let command = "accuracy-vs-epsilon --data data --format csv --classifier \(weights) --epsilons"
    let number = try bench.eval("\(command) 0,0.00784313725490196,0.03137254901960784")
    let fraction = try bench.eval("\(command) 0,2/255,8/255")
    #expect(number.status == 0 && fraction.output == number.output, "\(fraction.errors)")
    let training = "train classifier dense --data data --epochs 1 --batch 8 --adversarial fgsm --output"
    #expect(try bench.eval("\(training) a --epsilon 8/255").status == 0)
    #expect(try bench.eval("\(training) b --epsilon 0.03137255").status == 0)
    #expect(
      try AtomicFile.read(bench.path("a/classifier.safetensors"))
        == AtomicFile.read(bench.path("b/classifier.safetensors")))
  }
}
