import ArgumentParser
import Datasets
import Files
import Foundation

/// Which images a command works on.
struct DataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder with the four IDX files of a data set; else they are looked for in $FASHION_MNIST_DIR, the "
        + "user's cache and Debian's package, and downloaded if need be.", valueName: "dir"))
  var data: String?

  @Option(
    help: "The data set: \(DatasetCatalog.all.map(\.name).joined(separator: ", ")), or any name with --data.")
  var dataset: String = DatasetCatalog.fashionMNIST.name

  var description: Dataset { DatasetCatalog.named(dataset) ?? Dataset(name: dataset) }

  func validate() throws {
    guard data != nil || DatasetCatalog.named(dataset) != nil else {
      let known = DatasetCatalog.all.map(\.name).joined(separator: ", ")
      throw ValidationError("--dataset: expected \(known), or --data with its folder, found \(dataset)")
    }
  }

  /// Finds and reads one split, downloading the data set where it is nowhere.
  func load(_ split: Split) throws -> LabeledImages {
    let description = description
    var bar: (file: String, bar: ProgressBar)?
    let location = try DatasetLocator().findOrDownload(description, in: data) { file, bytes, total in
      if bar?.file != file { bar = (file, ProgressBar("downloading \(file)", total: total, unit: "bytes")) }
      bar?.bar.show(bytes)
    }
    bar?.bar.finish()
    return try description.load(split, from: location.folder)
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

  func load() throws -> LabeledImages {
    let images = try data.load(.test)
    return limit.map(images.prefix) ?? images
  }
}
