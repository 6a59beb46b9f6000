import Files
import FoundationEssentials

/// A folder that holds the files of a data set, or its only file, and how it was found.
public struct DatasetLocation: Sendable, Equatable {
  /// Who said where the data set is, or who put it there.
  public enum Source: String, Sendable {
    /// Named by the user.
    case option
    /// Named by the user, in the environment.
    case environment
    /// Downloaded before.
    case cache
    /// Installed with the operating system.
    case system
    /// Downloaded just now.
    case download
  }

  /// The folder, or the only file.
  public let folder: String
  /// How it was found.
  public let source: Source

  /// A place that is known already; nothing is looked at.
  public init(folder: String, source: Source) {
    self.folder = folder
    self.source = source
  }
}

/// Finds the files of a data set on this machine.
///
/// The order, shown for `fashion-mnist`:
/// 1. the folder that the user names,
/// 2. the folder named by `$FASHION_MNIST_DIR`,
/// 3. `$XDG_CACHE_HOME/assay/fashion-mnist`, by default `~/.cache/assay/fashion-mnist`,
/// 4. `/usr/share/datasets/fashion-mnist`, where Debian's package puts it,
/// 5. a download into the folder of 3.
///
/// A folder that the user named (1, 2) must hold the files of at least one split, in any form of
/// ``DatasetFiles``: to go on silently to other data than the user meant would be worse than an error. Looks
/// at the presence of the files, not at what is in them.
public struct DatasetLocator: Sendable {
  private let environment: [String: String]
  private let home: String
  private let systemFolder: String

  /// A search on this machine, or in surroundings that a test makes up.
  ///
  /// - Parameters:
  ///   - environment: the variables of the process, which may name folders.
  ///   - home: the user's home folder.
  ///   - systemFolder: where the operating system installs data sets.
  public init(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    home: String = FileManager.default.homeDirectoryForCurrentUser.path,
    systemFolder: String = "/usr/share/datasets"
  ) {
    self.environment = environment
    self.home = home
    self.systemFolder = systemFolder
  }

  /// Where `dataset` is on this machine, or nil if it is nowhere. Does not download.
  ///
  /// - Parameters:
  ///   - dataset: its name decides which places are looked at.
  ///   - folder: the folder that the user named, if any.
  /// - Throws: `FileError.missing(path:remedy:)` with the first missing file, if a folder that the user
  ///   named lacks one of a split, and what ``DatasetFiles/init(at:set:remedy:)`` throws else.
  public func find(_ dataset: Dataset, in folder: String? = nil) throws(FileError) -> DatasetLocation? {
    if let folder {
      _ = try DatasetFiles(at: folder, set: dataset.name, remedy: "\(Self.pathRemedy) \(Self.wanted)")
      return DatasetLocation(folder: folder, source: .option)
    }
    let variable = Self.variable(for: dataset)
    if let folder = environment[variable], !folder.isEmpty {
      _ = try DatasetFiles(at: folder, set: dataset.name, remedy: "$\(variable) must name \(Self.wanted)")
      return DatasetLocation(folder: folder, source: .environment)
    }
    let system = systemFolder.appendingPathComponent(dataset.name)
    return [
      DatasetLocation(folder: cacheFolder(for: dataset), source: .cache),
      DatasetLocation(folder: system, source: .system),
    ].first { location in
      DatasetFile.allCases.allSatisfy { $0.path(in: location.folder) != nil }
    }
  }

  /// Where `dataset` is on this machine, after a download into the cache if it was nowhere.
  ///
  /// - Throws: what ``find(_:in:)`` throws; `FileError.missing(path:remedy:)` with the data set's name
  ///   where it cannot be downloaded either; and the errors of ``Download/fetch(_:to:progress:)`` for a wrong
  ///   content or an unwritable cache.
  public func findOrDownload(
    _ dataset: Dataset, in folder: String? = nil, with download: Download = Download(),
    progress: Download.Progress = { _, _, _ in }
  ) throws(FileError) -> DatasetLocation {
    if let found = try find(dataset, in: folder) { return found }
    guard dataset.home != nil else { throw .missing(path: dataset.name, remedy: dataset.remedy) }
    let cache = cacheFolder(for: dataset)
    do {
      try download.fetch(dataset, to: cache, progress: progress)
    } catch .unreadable(let address, let reason) {
      throw .missing(
        path: dataset.name, remedy: "\(dataset.remedy) (the download of \(address) failed: \(reason))")
    }
    return DatasetLocation(folder: cache, source: .download)
  }

  /// Where downloads of `dataset` are kept.
  public func cacheFolder(for dataset: Dataset) -> String {
    // The XDG specification has relative paths ignored.
    let given = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let cache = given ?? home.appendingPathComponent(".cache")
    return cache.appendingPathComponent("assay/\(dataset.name)")
  }

  /// The environment variable that names the folder of `dataset`: `FASHION_MNIST_DIR` for `fashion-mnist`.
  public static func variable(for dataset: Dataset) -> String {
    dataset.name.uppercased().replacing("-", with: "_") + "_DIR"
  }

  /// What begins the remedy where the folder that the user named is none.
  package static let pathRemedy = "the path given must name"

  private static let wanted = "a folder with a data set (IDX, CSV, .npz or pictures)"
}
