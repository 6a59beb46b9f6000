import Eval
import Files
import Foundation

/// Scores of many generators in the order of a distance.
///
/// A folder with one file an artefact (`assay/score/1`, one result each): written whole or not at all, named after what was
/// scored and how, so that several writers never meet in one file and a new score of the same thing replaces the old one.
/// The rank is one more than the number of entries that are better beyond doubt: whose 95 % interval lies below.
struct Leaderboard: Encodable {
  enum Distance: String, CaseIterable, Encodable { case frechet, kernel }

  struct Entry: Encodable {
    let rank: Int
    /// Whether another entry's interval overlaps with this one's.
    let isTied: Bool
    let source: String
    let value: Double
    let interval: [Double]
    let result: ScoreResult
  }

  let schema = "assay/leaderboard/1"
  let judge: ScoreFile.JudgeIdentity
  let reference: ScoreFile.Reference
  /// Images of each entry.
  let count: Int
  let by: Distance
  let ranker: String
  let entries: [Entry]
  /// How alike two judges rank, from -1 to 1: Kendall's τ.
  let agreement: Double

  // MARK: - The folder

  static func add(
    _ result: ScoreResult, _ judge: ScoreFile.JudgeIdentity, _ reference: ScoreFile.Reference,
    to folder: String
  ) throws {
    let identity =
      [result.sha256, "\(result.count)", result.seed.map { "\($0)" } ?? ""] + judge.sha256.values.sorted()
    let hash = SHA256.hex(
      of: Data((identity.joined(separator: " ") + reference.sha256 + "\(reference.count)").utf8))
    let name = title(result.source).map { $0.isLetter || $0.isNumber ? $0 : "-" }
    let file = ScoreFile(judge: judge, reference: reference, results: [result])
    try AtomicFile.write(try JSON.text(file) + "\n", to: "\(folder)/\(String(name))-\(hash.prefix(12)).json")
  }

  /// A run's folder instead of the file that every run has.
  static func title(_ source: String) -> String {
    let parts = source.split(separator: "/").map(String.init)
    guard let last = parts.last else { return source }
    return last == "generator.safetensors" && parts.count > 1
      ? parts[parts.count - 2] : (last as NSString).deletingPathExtension
  }

  /// All scores in the folders; files of another schema are not looked at.
  static func read(_ folders: [String]) throws -> [(path: String, file: ScoreFile)] {
    struct Kind: Decodable { let schema: String? }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    var files: [(path: String, file: ScoreFile)] = []
    for folder in folders {
      guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
        throw FileError.missing(
          path: folder, remedy: "score something into it with: eval score … --leaderboard \(folder)")
      }
      for name in names.sorted() where name.hasSuffix(".json") {
        let path = "\(folder)/\(name)"
        let data = try AtomicFile.read(path)
        guard let kind = try? decoder.decode(Kind.self, from: data) else {
          throw FileError.malformed(path: path, expected: "JSON", found: "something else")
        }
        guard kind.schema == ScoreFile.schema else { continue }
        do {
          files.append((path, try decoder.decode(ScoreFile.self, from: data)))
        } catch {
          throw FileError.malformed(
            path: path, expected: "a score (\(ScoreFile.schema))", found: "other fields")
        }
      }
    }
    return files
  }

  // MARK: - Ranking

  /// - Throws: ``FileError`` where there is nothing to rank, or scores that do not compare.
  init(_ files: [(path: String, file: ScoreFile)], in folder: String, by distance: Distance, ranker: String)
    throws
  {
    guard let first = files.first, let count = first.file.results.first?.count else {
      throw FileError.malformed(path: folder, expected: "scores (\(ScoreFile.schema))", found: "none")
    }
    for (path, file) in files {
      guard file.judge == first.file.judge, file.reference == first.file.reference else {
        throw FileError.malformed(
          path: path,
          expected: "scores by \(first.file.judge.version) on \(first.file.reference.count) images, as in "
            + first.path, found: "\(file.judge.version) on \(file.reference.count), or other weights or data")
      }
      if let other = file.results.first(where: { $0.count != count }) {
        throw FileError.malformed(
          path: path, expected: "scores of \(count) images, as in \(first.path)",
          found: "\(other.count) of \(other.source)")
      }
    }
    judge = first.file.judge
    reference = first.file.reference
    self.count = count
    by = distance
    self.ranker = ranker
    let results = files.flatMap(\.file.results)
    func figure(_ result: ScoreResult, _ judge: String) throws -> ScoreResult.Distance {
      guard let own = result.judges[judge] else {
        throw FileError.malformed(
          path: folder, expected: "a judge called \(judge)",
          found: result.judges.keys.sorted().joined(separator: ", "))
      }
      return distance == .frechet ? own.frechetDistance : own.kernelDistance
    }
    let figures = try results.map { try figure($0, ranker) }
    let intervals = figures.map { $0.value - 1.96 * $0.standardError...$0.value + 1.96 * $0.standardError }
    entries = results.indices.map { index in
      let own = intervals[index]
      return Entry(
        rank: 1 + intervals.count { $0.upperBound < own.lowerBound },
        isTied: intervals.indices.contains { $0 != index && intervals[$0].overlaps(own) },
        source: Self.title(results[index].source), value: figures[index].value,
        interval: [own.lowerBound, own.upperBound], result: results[index])
    }.sorted { ($0.value, $0.source) < ($1.value, $1.source) }
    let other = judge.sha256.keys.sorted().first { $0 != ranker } ?? ranker
    agreement = RankCorrelation.kendall(figures.map(\.value), try results.map { try figure($0, other).value })
  }
}
