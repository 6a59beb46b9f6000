import Files
import FoundationEssentials
import Glibc
import Kernels

/// What a run was: enough to do it again and to compare machines.
package struct RunManifest: Encodable {
  let schema = StoredManifest.schema
  let version: String
  let command: [String]
  let datasetSha256: String
  let processor: String
  let blas: String
  let threads: Int
  let seconds: Double
  /// What each command has made in the folder, so that its next run there can remove what it makes no more.
  private(set) var files: [String: [String]] = [:]

  private let name: String

  /// - Parameter dataset: SHA-256 of the images.
  package init(dataset: String, seconds: Double, command: RunCommand) {
    name = command.name
    version = command.version
    self.command = command.words
    datasetSha256 = dataset
    processor = Processor.current.model
    let library = try? OpenBLAS.loaded.get()
    blas = library.map { "OpenBLAS \($0.version) \($0.kernel)" } ?? "none"
    threads = Parallel.threads
    self.seconds = seconds
  }

  /// Writes the manifest, and removes what the former run of this command made in the folder and this one did
  /// not.
  ///
  /// - Parameter planned: what is still to be made. For a run that makes its files one by one: it calls this
  ///   before the first of them, too, so that one that was stopped leaves nothing that the next does not know
  ///   of.
  package func write(to folder: String, planned: [String] = []) throws {
    let path = "\(folder)/manifest.json"
    let made = WriteLog.written.compactMap { Self.name($0, in: folder) }
    let former = Self.former(path)
    for file in former[name] ?? [] where !made.contains(file) {
      try Self.remove(file, from: folder)
    }
    var manifest = self
    manifest.files = former
    manifest.files[name] = Set(made + planned).subtracting(["manifest.json"]).sorted()
    try AtomicFile.write(JSON.text(manifest) + "\n", to: path)
  }

  /// The name of a file that stands in the folder itself.
  private static func name(_ path: String, in folder: String) -> String? {
    guard path.hasPrefix("\(folder)/") else { return nil }
    let name = path.dropFirst(folder.count + 1)
    return name.isEmpty || name.contains("/") ? nil : String(name)
  }

  private enum CodingKeys: CodingKey {
    case schema, version, command, datasetSha256, processor, blas, threads, seconds, files
  }

  private struct Former: Decodable {
    let schema: String
    let files: [String: [String]]?
  }

  /// What the manifest at `path` lists; nothing where it is none.
  private static func former(_ path: String) -> [String: [String]] {
    guard let data = try? AtomicFile.read(path),
      let manifest = try? JSONDecoder().decode(Former.self, from: data),
      manifest.schema == StoredManifest.schema
    else { return [:] }
    return manifest.files ?? [:]
  }

  /// Removes a file of the folder itself, and nothing else whatever the name says.
  private static func remove(_ name: String, from folder: String) throws {
    guard !name.contains("/"), !name.contains("\0") else { return }
    try RunFolder.remove("\(folder)/\(name)")
  }
}
