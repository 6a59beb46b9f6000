import ArgumentParser
import Datasets
import Figures
import Files
import Foundation
import Reports

/// `eval dataset`: what is in a data set.
struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset",
    abstract: "Count the images of each label, and draw ten of each.",
    discussion: """
      Read are the IDX files of MNIST, EMNIST and QMNIST under all their names, Kaggle's tables (…_train.csv and …_test.csv) and \
      the .npz archives of Keras; labels may be up to 256. With --output, ten images of each label are drawn into dataset.png \
      and dataset.svg.
      """)

  @Option(help: "Which half of the data set: train or test.")
  var split: Split = .train
  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  private struct Result: Encodable {
    struct Count: Encodable {
      let label: String
      let count: Int
    }
    let schema = "assay/dataset/1"
    let name, split: String
    let count: Int
    let shape: [Int]
    let sha256: String
    let sha256Ok: Bool
    let perLabel: [Count]
  }

  func run() throws {
    try output.prepare()
    let images = try data.load(split)
    let counts = Array(zip(images.labelNames, images.countPerLabel))
    if let folder = output.output {
      let sheet = LabeledImageSheet(
        title: images.name, subtitle: "the first ten images of each label, \(split.rawValue) split",
        rows: images.labelNames.indices.map { label in
          .init(
            images.labelNames[label], images.indices(ofLabel: label).prefix(10).map { images.bitmap(at: $0) })
        },
        scale: 2, footnotes: [])
      for kind in ["png", "svg"] { try sheet.drawing.write(to: "\(folder)/dataset.\(kind)") }
    }
    switch output.format {
    case .table:
      var table = TerminalTable([.init("label"), .init("images", .right)])
      for (label, count) in counts { table.add([label, "\(count)"]) }
      try print(
        Text.fitted(
          "\(images.name.visible()), \(split.rawValue): \(images.count) images of \(images.height)×\(images.width), "
            + (images.isVerified ? "SHA-256 verified" : "not a data set with known SHA-256")))
      try print(table.fitted)
    case .json:
      try print(
        JSON.text(
          Result(
            name: images.name, split: split.rawValue, count: images.count, shape: images.shape,
            sha256: images.sha256, sha256Ok: images.isVerified,
            perLabel: counts.map { .init(label: $0, count: $1) })))
    case .csv:
      var csv = CSV(["label", "count"])
      for (label, count) in counts { csv.add([label, "\(count)"]) }
      try print(csv.text, terminator: "")
    }
  }
}

extension Split: ExpressibleByArgument {}
