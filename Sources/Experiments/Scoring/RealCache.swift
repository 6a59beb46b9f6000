import Datasets
import Eval
import Files
import FoundationEssentials
import Glibc

/// What is known of the real images, kept between runs: in the user's cache, a file for each identity.
///
/// The identity says what the content follows from: the format, the data, the judges, the number of images.
/// It names the file by its hash and stands in it in full, and with the content it is sealed by another hash.
/// What is not exactly what was put there is never used: it is computed anew, with a note, as everything here
/// can be.
public struct RealCache {
  private let folder: String
  private let note, warn: (String) -> Void

  /// A cache in a folder, which is made when something is put there.
  ///
  /// - Parameters:
  ///   - folder: nil for the user's own, $XDG_CACHE_HOME/assay/judge.
  ///   - note: hears what is not used, and why.
  ///   - warn: hears what could not be written.
  public init(
    _ folder: String? = nil, note: @escaping (String) -> Void = { _ in },
    warn: @escaping (String) -> Void = { _ in }
  ) {
    (self.note, self.warn) = (note, warn)
    self.folder = folder ?? DatasetLocator().cacheFolder(for: Dataset(name: "judge"))
  }

  /// Of each kind; changes with what is stored and how it is computed.
  private static let formats = ["statistics": "assay/real/3", "neighbors": "assay/real/2"]
  /// Bytes of a file at most; they have a few million.
  private static let largestFile = 256 << 20

  private struct Content<Value: Codable>: Codable {
    let identity: [String: String]
    let value: Value

    /// The same for equal contents, however they were written.
    func seal() throws -> String {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      return SHA256.hex(of: try encoder.encode(self))
    }
  }

  private struct Entry<Value: Codable>: Codable {
    let identity: [String: String]
    let value: Value
    /// ``Content/seal()``
    let sha256: String

    init(_ content: Content<Value>) throws {
      (identity, value, sha256) = (content.identity, content.value, try content.seal())
    }

    var isWhole: Bool { (try? Content(identity: identity, value: value).seal()) == sha256 }
  }

  /// Why a file is not used.
  package struct Refusal: Error {
    let reason: String
    /// Whether a new file may take its place; nothing is written over a folder, or into a pipe that nobody
    /// may ever read.
    var isReplaceable = true
  }

  func statistics(_ panel: JudgePanel, count: Int) throws -> RealStatistics {
    var identity = Self.identity(of: panel, "statistics")
    identity["scored images"] = "\(count)"
    for judge in panel.judges { identity["judge \(judge.name)"] = judge.sha256 }
    return try value(identity) { try panel.statistics(count: count) }
  }

  func neighbors(_ panel: JudgePanel) throws -> RealNeighbors {
    try value(Self.identity(of: panel, "neighbors")) { panel.neighbors() }
  }

  private static func identity(of panel: JudgePanel, _ kind: String) -> [String: String] {
    func text(_ images: LabeledImages) -> String {
      "\(images.name) \(images.split.rawValue) \(images.count) \(images.sha256)"
    }
    return [
      "format": formats[kind] ?? "", "kind": kind, "reference": text(panel.heldOut),
      "training": text(panel.training),
    ]
  }

  private func value<Value: Codable>(_ identity: [String: String], _ make: () throws -> Value) throws -> Value
  {
    let text = identity.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "\n")
    let path = "\(folder)/\(SHA256.hex(of: Data(text.utf8)).prefix(16)).json"
    var isReplaceable = true
    do throws(Refusal) {
      if let kept: Value = try read(path, identity) { return kept }
    } catch {
      isReplaceable = error.isReplaceable
      note("\(path.visible(limit: 400)): \(error.reason.visible()); it is made anew")
    }
    let value = try make()
    guard isReplaceable else { return value }
    do {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      try AtomicFile.write(
        try encoder.encode(Entry(Content(identity: identity, value: value))), to: path)
    } catch {
      warn("\(error); the next run will compute it again")
    }
    return value
  }

  /// - Returns: nil where there is no file.
  private func read<Value: Codable>(_ path: String, _ identity: [String: String]) throws(Refusal) -> Value? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      // A link to nowhere is written to the place that it names.
      guard errno != ENOENT && errno != ENOTDIR else { return nil }
      throw Refusal(reason: "it cannot be read (\(String(cString: strerror(errno))))")
    }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.largestFile else {
      throw Refusal(
        reason: "it is no file of the judges' cache", isReplaceable: status.st_mode & S_IFMT == S_IFREG)
    }
    let data: Data
    do {
      data = try AtomicFile.read(path)
    } catch {
      throw Refusal(reason: "\(error)")
    }
    return try Self.value(in: data, identity)
  }

  /// What a file of these bytes holds, if it is whole and of this identity.
  package static func value<Value: Codable>(
    in data: Data, _ identity: [String: String]
  ) throws(Refusal) -> Value {
    guard let found = try? JSONDecoder().decode(Entry<Value>.self, from: data) else {
      throw Refusal(reason: "it is damaged, or of an older version")
    }
    guard found.identity == identity else {
      let different = identity.keys.sorted().first { found.identity[$0] != identity[$0] } ?? "identity"
      throw Refusal(
        reason: "it is of other images or judges (\(different) \(found.identity[different] ?? "none"))")
    }
    guard found.isWhole else { throw Refusal(reason: "its content is not what was put there") }
    return found.value
  }
}
