import Files
import FoundationEssentials
import Glibc

/// The files of a data set on this machine: which of them holds what, and in which form.
///
/// | form | files |
/// |---|---|
/// | IDX | for each split one of images and one of labels, named as those of MNIST, EMNIST or QMNIST, plain or with `.gz` |
/// | text | for each split a `…_train.csv` or `…_test.csv`, see `PixelTable` |
/// | NumPy | an `.npz` archive of both splits, see `KerasArchive` |
/// | pictures | a folder of PNG or JPEG files for each label, see `PictureFolder` |
///
/// In the folder itself, else in its folder `raw`, or in one such folder two floors down, as torchvision
/// leaves them. Of several sets in a folder one must be named. Where one set is there in two forms, the first
/// of the table is taken. Looks at names, not at what is in the files.
public struct DatasetFiles: Sendable, Equatable {
  enum Source: Equatable, Sendable {
    case idx(images: String?, labels: String?)
    case table(String)
    case archive(String)
    case pictures(PictureFolder)

    var isComplete: Bool {
      if case .idx(let images, let labels) = self { images != nil && labels != nil } else { true }
    }
  }

  /// The folder that they are in, or the only file.
  public let path: String
  /// What the set is called by its files or its folder; nil where those say nothing.
  public let name: String?
  let sources: [Split: Source]

  /// What is expected of a folder.
  package static let oneSet = "one data set, or the name of one of several"

  /// The splits that are there whole.
  public var splits: [Split] { Split.allCases.filter { sources[$0]?.isComplete == true } }

  /// Finds the files.
  ///
  /// - Parameters:
  ///   - path: a folder, or one `.csv` or `.npz` file, beside which the other split's may be.
  ///   - set: what the set is called, to choose among several.
  ///   - remedy: how a person gets the data, where there is none.
  /// - Throws: `FileError.missing(path:remedy:)` where there is no set or half a split, and
  ///   `FileError.malformed(path:expected:found:)` where there is more than one.
  public init(at path: String, set: String? = nil, remedy: String) throws(FileError) {
    var isFolder = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let found: DatasetFolder
    if exists, !isFolder {
      (self.path, found) = (path, try DatasetFolder(file: path))
    } else {
      let places = Self.places(path)
      let named = places.filter { place in set.map { Self.name(ofFolder: place.path) == $0 } ?? false }
      guard let place = named.first ?? places.first else {
        if exists, let pictures = try PictureFolder(path) {
          self.path = path
          name = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
          sources = Dictionary(uniqueKeysWithValues: Split.allCases.map { ($0, .pictures(pictures)) })
          return
        }
        throw .missing(
          path: path.appendingPathComponent(DatasetFile.trainImages.compressedName),
          remedy: remedy)
      }
      guard places.count == 1 || named.count == 1 else {
        throw DatasetFolder.several(places.map(\.path), in: path)
      }
      (self.path, found) = place
    }
    let candidates = try found.candidates(for: set, in: self.path)
    name = candidates.map(\.set).first { !$0.isEmpty } ?? Self.name(ofFolder: self.path)
    var sources: [Split: Source] = [:]
    for split in Split.allCases {
      var forms: [Source] = []
      for candidate in candidates {
        if let source = try candidate.source(split, in: path) { forms.append(source) }
      }
      sources[split] = forms.first(where: \.isComplete) ?? forms.first
    }
    self.sources = sources
    for split in Split.allCases where sources[split]?.isComplete == false {
      _ = try source(of: split, remedy: remedy)
    }
  }

  /// Where a split is.
  ///
  /// - Throws: ``FileError/missing(path:remedy:)`` with the file that lacks.
  func source(of split: Split, remedy: String) throws(FileError) -> Source {
    if let source = sources[split], source.isComplete { return source }
    if case .table(let other)? = sources[split == .train ? .test : .train] {
      throw .missing(
        path: other.deletingLastPathComponent + "/…\(split.rawValue).csv",
        remedy: "it must stand beside \(other.lastPathComponent)")
    }
    if case .archive(let archive)? = sources[split == .train ? .test : .train] {
      throw .malformed(
        path: archive, expected: "\(split.rawValue) images (x_\(split.rawValue))", found: "none")
    }
    var hasImages = false
    if case .idx(let images, _)? = sources[split] { hasImages = images != nil }
    let file = hasImages ? DatasetFile.labels(of: split) : .images(of: split)
    throw .missing(path: path.appendingPathComponent(file.compressedName), remedy: remedy)
  }

  /// The folder, or those in it, where files are.
  private static func places(_ path: String) -> [(path: String, found: DatasetFolder)] {
    func filled(_ folders: [String]) -> [(path: String, found: DatasetFolder)] {
      folders.map { ($0, DatasetFolder($0)) }.filter { !$0.1.isEmpty }
    }
    if let own = filled([path]).first ?? filled(["\(path)/raw"]).first { return [own] }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return filled(names.sorted().map { "\(path)/\($0)/raw" })
  }

  /// The folder's name, or that of the folder around `raw`, where it is that of a known set.
  private static func name(ofFolder path: String) -> String? {
    let parts = URL(fileURLWithPath: path).standardizedFileURL.pathComponents
    return parts.last { $0 != "raw" }.flatMap(DatasetCatalog.known)?.name
  }
}

extension DatasetFiles {
  /// What the labels are called, where their folders say it.
  package var folderNames: [String]? {
    if case .pictures(let folder)? = sources[.train] { folder.labelNames } else { nil }
  }

  /// Reads splits; pictures of all of them at once.
  func read(
    _ splits: [Split], remedy: String, pictures: PictureReading
  ) throws(FileError) -> [StoredSplit] {
    if case .pictures(let folder)? = sources[.train] {
      let set = try PictureSet(folder, pictures)
      return try splits.map { split throws(FileError) in try set.stored(split) }
    }
    return try splits.map { split throws(FileError) in try read(split, remedy: remedy, pictures: pictures) }
  }

  private func read(
    _ split: Split, remedy: String, pictures: PictureReading
  ) throws(FileError) -> StoredSplit {
    switch try source(of: split, remedy: remedy) {
    case .idx(let images?, let labels?): try StoredSplit(images: images, labels: labels)
    case .idx: preconditionFailure("DatasetFiles: half a split")
    case .table(let path): try StoredSplit(table: path)
    case .archive(let path): try KerasArchive(path).images(split)
    case .pictures(let folder): try PictureSet(folder, pictures).stored(split)
    }
  }

  /// The labels that occur in each split. What is wrong with a file is for the one to say who reads the
  /// split.
  func labels() -> [Set<UInt8>] {
    splits.map { split in
      let found: [UInt8]? =
        switch sources[split] {
        case .idx(_, let path?)?: try? IDX.read(.labels, at: path).values
        case .table(let path)?: try? PixelTable(contentsOf: path, labelsOnly: true).labels
        case .archive(let path)?: try? KerasArchive(path).labels(split)
        default: nil
        }
      return Set(found ?? [])
    }
  }

  /// What the files say of the set: by their names, else by labels that the assumed one does not have.
  ///
  /// One label too many is a mistake, so it takes several in each split.
  ///
  /// - Parameter assumed: what it is taken for where they say nothing.
  public func dataset(assumed: Dataset) -> Dataset {
    if let folderNames { return Dataset(name: name ?? "pictures", labelNames: folderNames) }
    if let name { return DatasetCatalog.known(name) ?? Dataset(name: name) }
    let labels = labels()
    let isOther = labels.allSatisfy { $0.count { $0 >= assumed.labelNames.count } >= Self.fewestOthers }
    guard isOther, !labels.isEmpty else { return assumed }
    let folder =
      URL(fileURLWithPath: path).standardizedFileURL.pathComponents.last { $0 != "raw" } ?? "unknown"
    return Dataset(name: folder)
  }

  private static let fewestOthers = 3
}
