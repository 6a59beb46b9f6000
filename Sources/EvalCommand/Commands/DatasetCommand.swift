import ArgumentParser
import Datasets
import Experiments
import Files
import Reports

/// `eval dataset`: what is in a data set.
struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset",
    abstract: "Count the images of each label, and draw ten of each.",
    discussion: """
      Read are the IDX files of MNIST, EMNIST and QMNIST under all their names, Kaggle's tables (…_train.csv and …_test.csv) and \
      the .npz archives of Keras, and folders of PNG or JPEG pictures; labels may be up to 256. With --output, ten images of each \
      label are drawn into dataset.png and dataset.svg.
      """)

  @Option(help: "Which half of the data set: train or test.")
  var split: Split = .train
  @Flag(
    help: ArgumentHelp(
      "Colour grey images by their labels, each pixel its grey times the label's colour; with --output the images are "
        + "written into coloured.npz, as images and labels."))
  var colour = false
  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.prepare()
    var images = try data.load(split)
    if colour {
      guard images.channels == 1 else {
        throw FileError.malformed(
          path: data.data ?? images.name, expected: "grey images", found: "RGB images")
      }
      images = StaticColours(labelNames: images.labelNames)(images)
    }
    let report = DatasetReport(DatasetSummary(images, split: split))
    if let folder = output.output {
      try report.writeSheet(of: images, to: folder)
      if colour { try images.writeArrays(to: "\(folder)/coloured.npz") }
    }
    try output.format.print(report)
  }
}

extension Split: ExpressibleByArgument {}
