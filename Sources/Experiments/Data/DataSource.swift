import Datasets
import Files

/// Where images come from, and what is known of them beforehand.
public struct DataSource: Sendable {
  /// A folder or file of the user's; else the data set is looked for, and downloaded if need be.
  public var path: String?
  /// What the set is called, if that is known: it chooses among several.
  public var name: String?
  /// A file with the names of the labels.
  public var labelNames: String?
  /// Whether rows and columns are exchanged.
  public var isTransposed: Bool
  /// The labels that are wanted, by name or number; empty for all.
  public var only: [String] = []
  /// How pictures become images, where the set is a folder of them.
  public var fitting = PictureFitting()
  /// Which pictures are held out, where the folder does not say it.
  public var splitSeed = 1

  /// A source of a data set: of Fashion-MNIST, where neither a path nor a name is given.
  public init(
    path: String? = nil, name: String? = nil, labelNames: String? = nil, isTransposed: Bool = false
  ) {
    self.path = path
    self.name = name
    self.labelNames = labelNames
    self.isTransposed = isTransposed
  }

  /// The data set, as far as it is known before its files are seen.
  public var dataset: Dataset {
    let name = name ?? DatasetCatalog.fashionMNIST.name
    return DatasetCatalog.named(name) ?? Dataset(name: name)
  }

  /// Finds and reads one split, downloading the data set where it is nowhere.
  ///
  /// - Throws: `FileError`.
  public func load(_ split: Split) throws(FileError) -> LabeledImages { try load([split])[0] }

  /// The same of one split or both.
  ///
  /// - Parameters:
  ///   - splits: those that are read.
  ///   - download: hears of a download's progress: a file, the bytes that there are of it, and those of all
  ///     of it.
  ///   - decoding: hears how many pictures are decoded, and of how many.
  ///   - note: hears what of a folder of pictures is left out.
  /// - Returns: as many as were asked for, in that order.
  /// - Throws: `FileError`.
  public func load(
    _ splits: [Split], download: Download.Progress = { _, _, _ in },
    decoding: @escaping (Int, Int) -> Void = { _, _ in }, note: @escaping (String) -> Void = { _ in }
  ) throws(FileError) -> [LabeledImages] {
    // A list of names is soon read, and its mistakes are best told before a download.
    let names = try readLabelNames()
    let location = try DatasetLocator().findOrDownload(dataset, in: path, progress: download)
    let (dataset, files) = try found(at: location, names)
    let loaded = try dataset.load(
      splits, from: files,
      pictures: PictureReading(fitting, splitSeed: splitSeed, progress: decoding, note: note))
    guard !only.isEmpty else { return loaded }
    return try loaded.map { images throws(FileError) in
      images.of(labels: try indices(ofLabels: images.labelNames, location.folder))
    }
  }

  /// The places of the wanted labels, in their order.
  private func indices(ofLabels names: [String], _ path: String) throws(FileError) -> [Int] {
    var found: Set<Int> = []
    for wanted in only {
      guard let label = LabelName.index(of: wanted, in: names) else {
        throw .malformed(
          path: path, expected: "a label called \(wanted)", found: names.joined(separator: ", "))
      }
      found.insert(label)
    }
    return found.sorted()
  }

  /// Whether and where it is on this machine, and whether its content is the known one. Never downloads.
  ///
  /// - Returns: nil where it is nowhere.
  /// - Throws: ``FileError`` where it is there and cannot be read.
  func examine() throws(FileError) -> (folder: String, isVerified: Bool)? {
    guard let location = try DatasetLocator().find(dataset, in: path) else { return nil }
    let (dataset, files) = try found(at: location, try readLabelNames())
    var isVerified = true
    for images in try dataset.load(files.splits, from: files) where !images.isVerified { isVerified = false }
    return (location.folder, isVerified)
  }

  private func readLabelNames() throws(FileError) -> LabelNames? {
    guard let labelNames else { return nil }
    return try LabelNames(contentsOf: labelNames)
  }

  /// What is at `location`: what is said of it, else what the files say.
  private func found(
    at location: DatasetLocation, _ names: LabelNames?
  ) throws(FileError) -> (Dataset, DatasetFiles) {
    let isChosen = name != nil || location.source != .option
    let files = try DatasetFiles(
      at: location.folder, set: isChosen ? dataset.name : nil, remedy: dataset.remedy)
    if let labelNames, files.folderNames != nil {
      throw .malformed(
        path: labelNames, expected: "no names of labels beside those of the folders", found: "a file of names"
      )
    }
    let dataset = isChosen ? dataset : files.dataset(assumed: dataset)
    return (dataset.with(names, isTransposed: isTransposed), files)
  }
}
