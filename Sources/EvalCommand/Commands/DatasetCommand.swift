import ArgumentParser
import Datasets
import Experiments
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

  func run() throws {
    try output.prepare()
    let images = try data.load(split)
    let report = DatasetReport(DatasetSummary(images, split: split))
    if let folder = output.output { try report.writeSheet(of: images, to: folder) }
    switch output.format {
    case .table: try print(report.table(Console.layout))
    case .json: try print(report.json())
    case .csv: try print(report.csv, terminator: "")
    }
  }
}

extension Split: ExpressibleByArgument {}
