import Files
import FoundationEssentials
import Glibc

/// A folder with one file an artefact (`assay/score/1`, one result each, or those of several trainings of one
/// recipe): written whole or not at all, named after what was scored and how, so that several writers never
/// meet in one file and a new score of the same thing replaces the old one.
public enum LeaderboardFolder {
  /// Bytes of a score file at most; one is about 10 kB for each result.
  private static let largestFile = 64 << 20
  /// Characters of a file's name that come from the source.
  private static let longestName = 40

  /// Writes a file of the score alone.
  ///
  /// - Parameters:
  ///   - result: what the new file holds; its source is in the file's name.
  ///   - file: who judged against what; its results are left out.
  ///   - folder: created where it is missing.
  /// - Throws: `FileError.unwritable`.
  public static func add(_ result: ScoreResult, of file: ScoreFile, to folder: String) throws {
    let file = ScoreFile(judge: file.judge, reference: file.reference, results: [result])
    try write(file, to: folder, name: ScoreTitles.title(result.source), weights: [result.sha256])
  }

  /// Writes a file of the scores of several trainings, which together are one entry.
  ///
  /// - Precondition: the file says what they are together.
  /// - Throws: `FileError.unwritable`.
  public static func add(trainings file: ScoreFile, to folder: String) throws {
    guard let trainings = file.trainings else {
      preconditionFailure("LeaderboardFolder: \(file.results.count) scores of no trainings")
    }
    try write(
      file, to: folder, name: "\(trainings.recipe.recipe)-seeds",
      weights: file.results.map(\.sha256).sorted())
  }

  private static func write(_ file: ScoreFile, to folder: String, name: String, weights: [String]) throws {
    let (judge, reference, first) = (file.judge, file.reference, file.results[0])
    let identity =
      weights + ["\(first.count)", first.seed.map { "\($0)" } ?? ""] + judge.sha256.values.sorted()
    let hash = SHA256.hex(
      of: Data((identity.joined(separator: " ") + reference.sha256 + "\(reference.count)").utf8))
    let start = name.prefix(longestName).map { $0.isLetter || $0.isNumber ? $0 : "-" }
    try AtomicFile.write(
      try JSON.text(file) + "\n", to: "\(folder)/\(String(start))-\(hash.prefix(12)).json")
  }

  /// All scores in the folders, checked; files of another schema, and what is no file, are not looked at.
  ///
  /// - Parameters:
  ///   - folders: one after the other, the files of each in the order of their names.
  ///   - remedy: what to do about a folder that is not there.
  /// - Throws: `FileError` for a folder that is missing, and for a file that says what no score can say.
  public static func read(
    _ folders: [String], remedy: (_ folder: String) -> String = { _ in "check the path" }
  ) throws -> [(path: String, file: ScoreFile)] {
    var files: [(path: String, file: ScoreFile)] = []
    for folder in folders {
      guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
        throw FileError.missing(path: folder, remedy: remedy(folder))
      }
      for name in names.sorted() where name.hasSuffix(".json") {
        let path = "\(folder)/\(name)"
        guard let size = size(ofFile: path) else { continue }
        guard size <= largestFile else {
          throw FileError.malformed(path: path, expected: "at most \(largestFile) bytes", found: "\(size)")
        }
        if let file = try read(path) { files.append((path, file)) }
      }
    }
    return files
  }

  /// nil for what is no file: reading could wait for ever.
  private static func size(ofFile path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// nil for a file of another schema.
  package static func read(_ path: String) throws -> ScoreFile? {
    struct Kind: Decodable { let schema: String? }
    let data = try AtomicFile.read(path)
    guard let kind = try? JSON.value(Kind.self, from: data) else {
      throw FileError.malformed(path: path, expected: "JSON", found: "something else")
    }
    guard kind.schema == ScoreFile.schema else { return nil }
    do {
      let file = try JSON.value(ScoreFile.self, from: data)
      try ScoreFileCheck.check(file, path: path)
      return file
    } catch let error as DecodingError {
      let (expected, found) = countThatIsNone(in: data) ?? words(for: error)
      throw FileError.malformed(path: path, expected: expected, found: found)
    }
  }

  private static let countNames: Set<String> = [
    "count", "seed", "seeds", "batch_size",
    "correct", "exact_duplicates", "near_duplicates", "test_duplicates", "class_histogram",
  ]

  /// A count that is no whole number, or beyond all counts: the decoder does not say where it found it.
  private static func countThatIsNone(in data: Data) -> (expected: String, found: String)? {
    func search(_ node: JSONTree, _ path: String, _ isCount: Bool) -> (expected: String, found: String)? {
      switch node {
      case .object(let fields):
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
          let place = path.isEmpty ? name : "\(path).\(name)"
          if let fault = search(value, place, countNames.contains(name)) { return fault }
        }
      case .array(let list):
        for (index, value) in list.enumerated() {
          if let fault = search(value, "\(path)[\(index)]", isCount) { return fault }
        }
      case .number(let number) where isCount && (UInt64(exactly: number.magnitude) == nil || number < 0):
        return ("\(path): a count", Text.formatted("%.15g", number))
      case .number, .other: break
      }
      return nil
    }
    return (try? JSONDecoder().decode(JSONTree.self, from: data)).flatMap { search($0, "", false) }
  }

  /// What the decoder missed, in words.
  private static func words(for error: DecodingError) -> (expected: String, found: String) {
    func score(_ field: String) -> String { "a score (\(ScoreFile.schema)) with \(field)" }
    switch error {
    case .keyNotFound(let key, let context): return (score(JSON.field(context.codingPath + [key])), "none")
    case .valueNotFound(_, let context): return (score(JSON.field(context.codingPath)), "null")
    case .typeMismatch(let type, let context):
      return (score("\(JSON.field(context.codingPath)) as \(type)"), "something else")
    case .dataCorrupted(let context):
      return (score(JSON.field(context.codingPath)), "something else (\(context.debugDescription))")
    @unknown default: return ("a score (\(ScoreFile.schema))", "other fields")
    }
  }
}
