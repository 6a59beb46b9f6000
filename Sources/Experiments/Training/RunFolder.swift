import Files
import FoundationEssentials
import Generators
import Glibc

/// The folder of a training, taken for this process as long as the value lives.
public final class RunFolder {
  /// Where the folder is, or is to be.
  public let path: String
  private var lock: FolderLock?

  /// A folder that is not taken yet; nothing is read or made.
  public init(path: String) { self.path = path }

  /// Where the state of the training is.
  public var statePath: String { "\(path)/training-state.safetensors" }
  /// Whether the state of a training is there.
  public var holdsState: Bool { exists("training-state.safetensors") }
  /// Whether the weights of a training that has ended are there.
  public var holdsWeights: Bool { Self.weights.contains(where: exists) }

  /// Takes the folder for this process, if it is not taken already.
  ///
  /// - Throws: `FileError.unwritable(path:reason:)` where another process has it.
  public func take() throws(FileError) {
    if lock == nil { lock = try FolderLock(path) }
  }

  /// Removes what a former training made here, all but its state: that is replaced by the first state of the
  /// new one, so at no moment do files of two trainings stand beside each other.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``.
  func removeResults() throws(FileError) {
    for name in Self.weights + Self.reports { try Self.remove("\(path)/\(name)") }
    // By their names: the state that tells the steps may be damaged or gone.
    for name in names(below: "grids") where GridName.isOne(name) { try remove(name, below: "grids") }
    for name in names(below: "checkpoints") where CheckpointName.step(of: name) != nil {
      try remove(name, below: "checkpoints")
    }
  }

  private static let weights = [
    "classifier.safetensors", "generator.safetensors", "generator-plain.safetensors", "colorizer.safetensors",
  ]
  private static let reports =
    ["manifest.json", "grids.gif", "codes.gif", TrainingTime.fileName]
    + ["history", "losses"].flatMap { name in ["csv", "svg", "png"].map { "\(name).\($0)" } }

  private func names(below folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []
  }

  private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

  /// Not through a link, which leads to a folder of somebody else's.
  private func remove(_ name: String, below folder: String) throws(FileError) {
    var status = stat()
    guard lstat("\(path)/\(folder)", &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return }
    try Self.remove("\(path)/\(folder)/\(name)")
  }

  /// The file `name` of a run's folder, or `argument` itself where it is no folder.
  public static func weights(_ argument: String, _ name: String) -> String {
    var isFolder = false
    let exists = FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder)
    guard exists, isFolder else { return argument }
    return argument.hasSuffix("/") ? argument + name : "\(argument)/\(name)"
  }

  /// Removes the file at `path`, where there is one.
  static func remove(_ path: String) throws(FileError) {
    guard unlink(path) != 0, errno != ENOENT, errno != EISDIR else { return }
    throw .unwritable(path: path, reason: String(cString: strerror(errno)))
  }
}
