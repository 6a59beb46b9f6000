import Datasets
import Eval
import Files
import Foundation

/// What is known of the real images, kept between runs: in the user's cache, a file for each identity.
///
/// The identity says what the content follows from: the format, the data, the judges, the number of images. It names the
/// file by its hash and stands in it in full; a file with another one is refused, never used.
struct RealCache {
  private let folder: String

  /// - Parameter folder: nil for the user's own, $XDG_CACHE_HOME/assay/judge.
  init(_ folder: String?) {
    self.folder = folder ?? DatasetLocator().cacheFolder(for: Dataset(name: "judge"))
  }

  /// Changes with what is stored and how it is computed.
  private static let format = "assay/real/1"

  private struct Entry<Value: Codable>: Codable {
    let identity: [String: String]
    let value: Value
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
      "format": format, "kind": kind, "reference": text(panel.heldOut), "training": text(panel.training),
    ]
  }

  private func value<Value: Codable>(_ identity: [String: String], _ make: () throws -> Value) throws -> Value
  {
    let text = identity.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "\n")
    let path = "\(folder)/\(SHA256.hex(of: Data(text.utf8)).prefix(16)).json"
    if FileManager.default.fileExists(atPath: path) {
      return try read(path, identity)
    }
    let value = try make()
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let data = try encoder.encode(Entry(identity: identity, value: value))
    do {
      try AtomicFile.write(data, to: path)
    } catch {
      Console.error("eval: warning: \(error); the next run will compute it again")
    }
    return value
  }

  private func read<Value: Codable>(_ path: String, _ identity: [String: String]) throws -> Value {
    let data = try AtomicFile.read(path)
    guard let found = try? JSONDecoder().decode(Entry<Value>.self, from: data) else {
      throw FileError.malformed(
        path: path, expected: "what eval score knows of the real images",
        found: "something else; remove the file")
    }
    guard found.identity == identity else {
      let different = identity.keys.sorted().first { found.identity[$0] != identity[$0] } ?? "identity"
      throw FileError.malformed(
        path: path, expected: "\(different) \(identity[different] ?? "none")",
        found: "\(found.identity[different] ?? "none"); remove the file")
    }
    return found.value
  }
}
