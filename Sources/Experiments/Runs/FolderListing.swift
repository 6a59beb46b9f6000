import Files
import FoundationEssentials
import Glibc

/// The files below a folder by their names, with a stamp of each result and document: two listings are equal
/// where nothing was added, removed or written anew. No file is opened.
///
/// Links are not followed; hidden files, and sites of a folder, are left out.
package struct FolderListing: Equatable, Sendable {
  /// As it was given.
  package let path: String
  /// The names of regular files, by the path of their folder below this one.
  private(set) var names: [String: [String]] = [:]
  /// The paths of all folders, this one's first.
  private(set) var folders: [String] = []
  /// What could not be listed.
  private(set) var faults: [StoredFolder.Fault] = []
  private var stamps: [FileStamp] = []
  private var count = 0

  /// Folders below folders that are looked into, and files that are looked at, at most.
  private static let deepest = 12
  private static let mostFiles = 50_000

  /// - Throws: ``FileError``: missing, no folder, or one that cannot be listed.
  package init(_ path: String) throws(FileError) {
    guard try AtomicFile.isFolder(path) else {
      throw .malformed(path: path, expected: "a folder of results or runs", found: "a file")
    }
    self.path = path
    try list("")
  }

  func place(_ name: String) -> String { name.isEmpty ? path : path.appendingPathComponent(name) }

  /// The files of a folder and of those below it.
  private mutating func list(_ folder: String, depth: Int = 0) throws(FileError) {
    guard let found = try? FileManager.default.contentsOfDirectory(atPath: place(folder)) else {
      let error = FileError.unreadable(path: place(folder), reason: "its files cannot be listed")
      guard !folder.isEmpty else { throw error }
      return faults.append(.init(path: folder, sentence: error.description))
    }
    // The pictures of a site are those of the folder once more.
    guard folder.isEmpty || !found.contains(StoredFolder.siteMark) else { return }
    folders.append(folder)
    for name in found.sorted() where !name.hasPrefix(".") {
      let path = folder.appendingPathComponent(name)
      var status = stat()
      // Not through links: they may lead anywhere.
      guard lstat(place(path), &status) == 0 else { continue }
      count += 1
      guard count <= Self.mostFiles else {
        if count == Self.mostFiles + 1 {
          faults.append(
            .init(path: folder, sentence: "more than \(Self.mostFiles) files; the rest is left out"))
        }
        return
      }
      switch status.st_mode & S_IFMT {
      case S_IFREG:
        names[folder, default: []].append(name)
        guard ["json", "md"].contains(name.pathExtension.lowercased()) else { continue }
        stamps.append(FileStamp(status))
      case S_IFDIR where depth < Self.deepest: try list(path, depth: depth + 1)
      default: break
      }
    }
  }

  /// The files whose ending is asked for, by their paths.
  func files(_ isWanted: (String) -> Bool) -> [String] {
    folders.flatMap { folder in
      (names[folder] ?? []).filter { isWanted($0.pathExtension.lowercased()) }
        .map { folder.appendingPathComponent($0) }
    }
  }
}
