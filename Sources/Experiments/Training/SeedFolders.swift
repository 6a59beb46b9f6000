import Files
import FoundationEssentials

/// The folders of trainings that differ in their seed alone: `seed-1`, `seed-2`, … below one of theirs.
public enum SeedFolders {
  private static let prefix = "seed-"

  /// `runs/gan` and 3 → `runs/gan/seed-3`.
  public static func path(_ folder: String, seed: UInt64) -> String {
    "\(folder.hasSuffix("/") ? String(folder.dropLast()) : folder)/\(prefix)\(seed)"
  }

  /// The seeds of the folders below `folder` that are called so, in order; none where there is no such
  /// folder.
  public static func seeds(in folder: String) -> [UInt64] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.compactMap { name in
      let seed = name.hasPrefix(prefix) ? UInt64(name.dropFirst(prefix.count)) : nil
      return seed.flatMap { name == "\(prefix)\($0)" && isFolder(path(folder, seed: $0)) ? $0 : nil }
    }.sorted()
  }

  /// The same where any of them holds the state of a training, for all of them must be gone on with; none
  /// where `folder` itself is that of a training.
  public static func resumable(in folder: String) -> [UInt64] {
    guard !RunFolder(path: folder).holdsState else { return [] }
    let seeds = seeds(in: folder)
    return seeds.contains { RunFolder(path: path(folder, seed: $0)).holdsState } ? seeds : []
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
  }
}
