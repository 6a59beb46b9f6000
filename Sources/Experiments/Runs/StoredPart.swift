import Files
import FoundationEssentials

/// One thing that a run left behind: a result, a training, or the scores of a leaderboard.
public struct StoredPart: Sendable {
  /// What a part is.
  public enum Kind: Hashable, Sendable {
    /// The result of an experiment, by the schema that the file names.
    case result(schema: String)
    /// A training that has ended, with its weights in the folder.
    case training(Training)
    /// A folder of scores, which together make a leaderboard.
    case scores
  }

  /// What was trained.
  public enum Training: String, Sendable, CaseIterable {
    /// A classifier of images.
    case classifier
    /// A generator of images.
    case generator
    /// A generator that colours grey images.
    case colorizer

    var weights: String { "\(rawValue).safetensors" }
  }

  /// What the part is.
  public let kind: Kind
  /// The result's file; the folder of a training or a leaderboard.
  public let path: String
  /// What made it, for a shell; nil where that is not known.
  public let command: String?
  /// The folder that nothing outside of is read, through no link either; nil where everything may be.
  var root: String?

  /// Bytes of a result at most.
  package static let largestFile = 16 << 20

  /// What a file says that it is; nil where it is JSON that says nothing.
  ///
  /// - Throws: ``FileError/malformed(path:expected:found:)`` for what is no JSON.
  static func schema(of data: Data, path: String) throws(FileError) -> String? {
    struct Kind: Decodable { let schema: String? }
    guard (try? JSONDecoder().decode(JSONTree.self, from: data)) != nil else {
      let kind = FileKind(start: data, path: path)
      throw .malformed(
        path: path, expected: "JSON",
        found: kind == .json ? "JSON that is broken off or damaged" : kind?.rawValue ?? "other bytes")
    }
    return (try? JSONDecoder().decode(Kind.self, from: data))?.schema
  }

  /// The bytes of the result, or of a file beside it.
  ///
  /// - Parameters:
  ///   - name: of a file of the folder; nil for the result itself.
  ///   - limit: the most bytes.
  /// - Throws: ``FileError``; a run that lacks a file is not whole.
  package func data(_ name: String? = nil, limit: Int = StoredPart.largestFile) throws(FileError) -> Data {
    let place = name.map { "\(folder)/\($0)" } ?? path
    guard let root else { return try AtomicFile.read(place, remedy: Self.remedy, limit: limit) }
    return try ConfinedFile.read(place, below: root, limit: limit)
  }

  /// What to do about a folder that lacks something.
  package static let remedy = "the run is not whole: run its command again"

  /// Where it lies.
  package var folder: String {
    if case .result = kind { return path.deletingLastPathComponent.nonEmpty ?? "." }
    return path
  }

  /// The result, checked.
  ///
  /// - Parameter bytes: in place of those of the file.
  /// - Throws: ``FileError`` with the field that says what cannot be.
  package func result<Result: StoredResult>(
    _ type: Result.Type = Result.self, from bytes: Data? = nil
  ) throws(FileError) -> Result {
    let data = if let bytes { bytes } else { try data() }
    let result: Result
    do {
      result = try JSON.value(Result.self, from: data)
    } catch {
      throw .malformed(path: path, expected: Self.expectation(error), found: "something else")
    }
    try result.check(FieldCheck(path: path))
    return result
  }

  private static func expectation(_ error: any Error) -> String {
    switch error as? DecodingError {
    case .keyNotFound(let key, let place): "a field \(JSON.field(place.codingPath + [key]))"
    case .typeMismatch(let type, let place), .valueNotFound(let type, let place):
      "\(JSON.field(place.codingPath)) of the type \(type)"
    case .dataCorrupted(let place): "a possible value of \(JSON.field(place.codingPath))"
    default: "a result of this version"
    }
  }
}

extension String {
  fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}

extension StoredPart {
  /// The result in a JSON file; nil where it is JSON of another kind.
  ///
  /// - Parameters:
  ///   - path: of the file.
  ///   - manifest: that of its folder.
  ///   - root: see ``root``.
  /// - Throws: `FileError` for what cannot be read or is no JSON.
  init?(result path: String, _ manifest: StoredManifest?, root: String? = nil) throws(FileError) {
    let data = try AtomicFile.read(path, limit: Self.largestFile)
    guard let schema = try Self.schema(of: data, path: path), schema.hasPrefix("assay/") else { return nil }
    self.init(
      kind: .result(schema: schema), path: path, command: manifest?.commandLine(of: path.lastPathComponent),
      root: root)
  }
}
