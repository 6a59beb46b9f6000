import Experiments
import Files
import FoundationEssentials

/// How a result came about: its command, version, machine and data, from the manifest beside it.
struct ManifestSection {
  private let command: String?
  private let facts: [(String, String)]
  private let files: [(String, String)]

  private struct Facts: Decodable {
    let version: String?
    let processor, blas: String?
    let threads: Int?
    let seconds: Double?
    let datasetSha256: String?
  }

  /// - Parameters:
  ///   - command: what made it, where that is known.
  ///   - beside: the path below the folder of the result, or of the run's folder.
  ///   - more: other facts, such as hashes.
  ///   - files: paths below the folder to be loaded down.
  init(
    command: String?, beside path: String, in folder: StoredFolder, more: [(String, String)] = [],
    files: [String] = []
  ) {
    self.command = command
    let data = try? folder.read(path.appendingPathComponent("manifest.json"), limit: 1 << 20)
    // It says how the last command of the folder ran, which need not be this one's.
    let manifest = command == nil ? nil : data.flatMap { try? JSON.value(Facts.self, from: $0) }
    let own: [(String, String?)] = [
      ("Version", manifest?.version), ("Processor", manifest?.processor), ("Products by", manifest?.blas),
      ("Threads", manifest?.threads.map { "\($0)" }),
      ("Seconds", manifest?.seconds.map { Text.fixed($0, 1) }),
      ("SHA-256 of the data", manifest?.datasetSha256),
    ]
    facts = own.compactMap { name, value in value.map { (name, $0) } } + more
    self.files = files.map { ($0.lastPathComponent, Address.file($0)) }
  }

  var markup: Markup {
    guard command != nil || !facts.isEmpty || !files.isEmpty else { return .empty }
    let line = command.map { Markup.command($0) } ?? .empty
    let list = facts.map { name, value -> Markup in
      "<dt>\(name)</dt><dd><code>\(value.visible(limit: 300))</code></dd>\n"
    }
    let links = files.map { Markup.link($0.0, to: $0.1) }
    let terms: Markup = facts.isEmpty ? .empty : "<dl>\n\(list.joined())</dl>\n"
    let loads: Markup = links.isEmpty ? .empty : "<p>Files: \(links.joined(separator: ", ")).</p>\n"
    return .section("How it was made", id: "made", line + terms + loads)
  }
}
