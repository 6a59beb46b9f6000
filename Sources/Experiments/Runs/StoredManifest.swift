import Files
import FoundationEssentials

/// What the manifest of a run says, read again. Does not look whether the files that it lists are there.
public struct StoredManifest: Sendable {
  static let schema = "assay/run/1"
  static let name = "manifest.json"

  /// The command line of the last run in the folder, word by word.
  public let command: [String]
  /// The files of the folder itself, by the command that made them.
  public let files: [String: [String]]

  private struct Fields: Decodable {
    let schema: String
    let command: [String]
    let files: [String: [String]]?
  }

  /// - Throws: ``FileError`` where it is missing, no manifest, or one of another version.
  init(folder: String) throws(FileError) {
    let path = "\(folder)/\(Self.name)"
    let data = try AtomicFile.read(path, limit: StoredPart.largestFile)
    let schema = try StoredPart.schema(of: data, path: path)
    guard schema == Self.schema else {
      throw .malformed(path: path, expected: "a manifest (\(Self.schema))", found: schema ?? "no schema")
    }
    let fields = try FieldCheck(path: path).decoded(Fields.self, from: String(decoding: data, as: UTF8.self))
    (command, files) = (fields.command, fields.files ?? [:])
  }

  /// Whether a run made the file `name` in the folder.
  func lists(_ name: String) -> Bool { files.values.contains { $0.contains(name) } }

  /// The command line of `eval` that made the file `name`, for a shell; nil where a later run has taken its
  /// place in the manifest, and for any other program: the manifest may come from anywhere.
  func commandLine(of name: String) -> String? {
    let makers = files.filter { $0.value.contains(name) }.keys
    let words = command.dropFirst()
    guard let program = command.first?.lastPathComponent, Self.programs.contains(program), !words.isEmpty,
      makers.contains(where: { words.starts(with: $0.split(separator: " ").map(String.init)) })
    else { return nil }
    return ([program] + words).shellLine
  }

  /// The names of the command: `assay` where it is installed.
  private static let programs = ["eval", "assay"]
}
