import Files
import FoundationEssentials
import Glibc

/// What commands left behind in a folder, or a result as a single file.
///
/// Each part is recognised by what it says that it is: a result by its `schema`, a training by the manifest
/// that lists its weights, a leaderboard by its many scores. Reads no figures; whether a schema is known is
/// for those to say who show it.
public struct StoredRun: Sendable {
  /// As it was given, without slashes at its end.
  public let path: String
  /// Of the folder, or of the file without its ending.
  public let name: String
  /// At least one.
  public let parts: [StoredPart]

  /// What lies at a path: the folder of a run or of a leaderboard, or the file of a result.
  ///
  /// - Throws: `FileError`: missing, no run, one that has not ended, or one that lacks what its manifest
  ///   lists.
  public init(_ argument: String) throws(FileError) {
    var path = argument
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = path
    let last = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
    if try AtomicFile.isFolder(path) {
      name = last
      parts = try Self.parts(of: path)
    } else {
      name = last.deletingPathExtension
      parts = [try Self.part(file: path)]
    }
  }

  private static func part(file path: String) throws(FileError) -> StoredPart {
    let data = try AtomicFile.read(path, limit: StoredPart.largestFile)
    guard let schema = try StoredPart.schema(of: data, path: path) else {
      throw .malformed(path: path, expected: "a result with a field schema", found: "JSON without one")
    }
    // What stands beside it may be anything.
    let manifest = try? StoredManifest(folder: parent(of: path))
    return StoredPart(
      kind: .result(schema: schema), path: path,
      command: manifest?.commandLine(of: path.lastPathComponent))
  }

  private static func parent(of path: String) -> String {
    let parent = path.deletingLastPathComponent
    return parent.isEmpty ? "." : parent
  }

  private static func parts(of folder: String) throws(FileError) -> [StoredPart] {
    guard let found = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw .unreadable(path: folder, reason: "its files cannot be listed")
    }
    let names = Set(found)
    let manifest = names.contains(StoredManifest.name) ? try StoredManifest(folder: folder) : nil
    for name in manifest?.files.values.joined().sorted() ?? [] where name.hasSuffix(".json") {
      guard names.contains(name) else {
        throw .missing(path: "\(folder)/\(name)", remedy: StoredPart.remedy)
      }
    }
    var parts = try results(names.sorted(), in: folder, manifest)
    for training in StoredPart.Training.allCases where manifest?.lists(training.weights) == true {
      parts.append(
        StoredPart(
          kind: .training(training), path: folder, command: manifest?.commandLine(of: training.weights)))
    }
    guard parts.isEmpty else { return parts }
    if manifest == nil, RunFolder(path: folder).holdsState {
      throw .missing(path: "\(folder)/\(StoredManifest.name)", remedy: unfinished)
    }
    throw .malformed(path: folder, expected: "a result, or a training that has ended", found: "neither")
  }

  /// What to do about a training that has not ended.
  package static let unfinished = "the training has not ended; resume it first"

  /// The results among the files; several scores without a manifest are a leaderboard.
  private static func results(
    _ names: [String], in folder: String, _ manifest: StoredManifest?
  ) throws(FileError) -> [StoredPart] {
    var parts: [StoredPart] = []
    for name in names where name.hasSuffix(".json") && name != StoredManifest.name {
      let path = "\(folder)/\(name)"
      guard isRegularFile(path) else { continue }
      // The images of a matrix's cells are no result of their own.
      guard let part = try StoredPart(result: path, manifest),
        part.kind != .result(schema: ConfusionCells.schema)
      else { continue }
      parts.append(part)
    }
    let isScore = { (part: StoredPart) in part.kind == .result(schema: ScoreFile.schema) }
    guard manifest == nil, parts.count(where: isScore) > 1 else { return parts }
    return [StoredPart(kind: .scores, path: folder, command: nil)] + parts.filter { !isScore($0) }
  }

  /// Reading anything else could wait for ever.
  private static func isRegularFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }
}
