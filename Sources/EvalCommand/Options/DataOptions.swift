import ArgumentParser
import Datasets
import Experiments
import Files

/// Which images a command works on.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder with a data set (IDX files, tables …_train.csv and …_test.csv, an .npz of x_train, y_train, x_test and "
        + "y_test, or a folder of PNG or JPEG pictures for each label), or one such .csv or .npz; else it is looked for in "
        + "$FASHION_MNIST_DIR, the user's cache and Debian's package, and downloaded if need be.",
      valueName: "path"))
  var data: String?

  @Option(
    name: .customLong("dataset"),
    help: ArgumentHelp(
      "The data set: \(DatasetCatalog.all.map(\.name).joined(separator: ", ")), or any name with --data; else what the "
        + "names of the files say, or \(DatasetCatalog.fashionMNIST.name).", valueName: "name"))
  var named: String?

  @Option(
    help: ArgumentHelp(
      "What the labels are called: a file of one name a line, or EMNIST's mapping.txt. Else as the data set says, or "
        + "numbered.", valueName: "file"))
  var labelNames: String?

  @Flag(help: "Exchange rows and columns: the images of EMNIST lie on their side.")
  var transpose = false

  @Option(
    help: ArgumentHelp("Only the images of this label, by name or number. Repeatable.", valueName: "label"))
  var only: [String] = []

  @OptionGroup(title: "Options for folders of pictures") var pictures: PictureOptions

  /// Those that decide on which images a training works, and that its state does not hold.
  private static let deciding = [
    "--data", "--dataset", "--label-names", "--transpose", "--only", "--limit", "--fit", "--image-size",
    "--background", "--grey", "--split-seed",
  ]

  /// Of those on a command line, for one who goes on with a training: ` and the same --data, --limit`; empty
  /// for a command line without.
  static func reminder(_ words: [String]) -> String {
    let given = deciding.filter { option in words.contains { $0 == option || $0.hasPrefix("\(option)=") } }
    return given.isEmpty ? "" : " and the same \(given.joined(separator: ", "))"
  }

  /// What the data set is called, as far as the options say.
  var dataset: String { named ?? DatasetCatalog.fashionMNIST.name }

  var description: Dataset { source.dataset }

  var source: DataSource {
    var source = DataSource(path: data, name: named, labelNames: labelNames, isTransposed: transpose)
    source.only = only
    source.fitting = pictures.fitting
    source.splitSeed = pictures.splitSeed
    return source
  }

  func validate() throws {
    guard data != nil || named.map({ DatasetCatalog.named($0) != nil }) ?? true else {
      let known = DatasetCatalog.all.map(\.name).joined(separator: ", ")
      throw ValidationError("--dataset: expected \(known), or --data with its folder, found \(dataset)")
    }
  }

  /// Finds and reads one split, downloading the data set where it is nowhere.
  func load(_ split: Split) throws -> LabeledImages { try load([split])[0] }

  /// Both splits, of which a folder of pictures is read once.
  func loadBoth() throws -> (training: LabeledImages, test: LabeledImages) {
    let images = try load([.train, .test])
    return (images[0], images[1])
  }

  private func load(_ splits: [Split]) throws -> [LabeledImages] { try source.loadShown(splits) }
}

extension DataSource {
  /// The splits, with their download or decoding shown on standard error.
  func loadShown(_ splits: [Split]) throws -> [LabeledImages] {
    var bar: (file: String, bar: ProgressBar)?
    defer { bar?.bar.finish() }
    let observer = Console.observer()
    return try load(
      splits,
      download: { file, bytes, total in
        if bar?.file != file { bar = (file, ProgressBar("downloading \(file)", total: total, unit: "bytes")) }
        bar?.bar.show(bytes)
      },
      decoding: { try? observer.progress(WorkProgress("decoding", $0, of: $1, unit: "pictures")) },
      note: observer.note)
  }
}

/// The test images, or the first of them.
struct TestImageOptions: ParsableArguments {
  @OptionGroup var data: DataOptions

  @Option(parsing: .unconditional, help: ArgumentHelp("Only the first test images.", valueName: "count"))
  var limit: Int?

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit: expected 1 or more images, found \(limit)") }
  }

  func load() throws -> LabeledImages { limited(try data.load(.test)) }

  /// With all training images.
  func loadBoth() throws -> (training: LabeledImages, test: LabeledImages) {
    let (training, test) = try data.loadBoth()
    return (training, limited(test))
  }

  private func limited(_ images: LabeledImages) -> LabeledImages { limit.map(images.prefix) ?? images }
}
