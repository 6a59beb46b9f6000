import Files
import FoundationEssentials
import Glibc

/// Everything below a folder of results or runs: what its files are, by their paths in it.
///
/// A file that is not what it should be does not stop the others: it is one of the faults. Links are not
/// followed, hidden files and sites are not looked at, and nothing outside the folder is read. Reads no
/// figures.
package struct StoredFolder: Sendable, Equatable {
  /// A file that cannot be shown, and why.
  package struct Fault: Equatable, Sendable {
    /// Of the file, below the folder.
    package let path: String
    /// One sentence, which names the path as it was given.
    package let sentence: String

    package init(path: String, sentence: String) { (self.path, self.sentence) = (path, sentence) }
  }

  /// A training whose folder has no manifest yet: it is running, or it was stopped.
  package struct Unfinished: Equatable, Sendable {
    /// Of the training's folder, below this one; empty for this one.
    package let path: String
  }

  /// As it was given.
  package let path: String
  /// Results and trainings that have ended, by the paths of their folders.
  package let parts: [StoredPart]
  /// Trainings that have not ended.
  package let unfinished: [Unfinished]
  /// Pictures, tables (CSV) and documents (Markdown): paths below the folder, in order.
  package let pictures, tables, documents: [String]
  /// What could not be read.
  package let faults: [Fault]
  /// Of the results and documents, so that two looks differ where one of them was written anew.
  private let stamps: [Stamp]

  /// What tells two states of a file apart.
  fileprivate struct Stamp: Equatable, Sendable {
    let size, seconds, nanoseconds: Int
  }

  /// Folders below folders that are looked into, and files that are looked at, at most.
  package static let deepest = 12
  package static let mostFiles = 50_000

  /// What tells that a folder is a site of another one: its style sheet.
  package static let siteMark = "assay.css"

  package static let pictureKinds: Set<String> = ["png", "gif", "svg", "jpg", "jpeg"]

  /// Looks through a folder.
  ///
  /// - Throws: ``FileError``: missing, no folder, or one that cannot be listed. What is wrong further down is
  ///   one of the faults.
  package init(_ path: String) throws(FileError) {
    var walk = Walk(root: path)
    guard try AtomicFile.isFolder(path) else {
      throw .malformed(path: path, expected: "a folder of results or runs", found: "a file")
    }
    try walk.list("")
    for folder in walk.folders { walk.read(folder) }
    self.path = path
    parts = walk.parts
    unfinished = walk.unfinished
    pictures = walk.files { Self.pictureKinds.contains($0) }
    tables = walk.files { $0 == "csv" }
    documents = walk.files { $0 == "md" }
    faults = walk.faults
    stamps = walk.stamps
  }

  /// The path of a file below the folder, as the program opens it.
  package func place(_ name: String) -> String { name.isEmpty ? path : path.appendingPathComponent(name) }

  /// The bytes of a file below the folder.
  ///
  /// - Throws: ``FileError/missing(path:remedy:)`` for a name that leads out of it, or through a link.
  package func read(_ name: String, limit: Int) throws(FileError) -> Data {
    try ConfinedFile.read(place(name), below: path, limit: limit)
  }

  /// The path below the folder of a file that lies in it.
  package func name(_ place: String) -> String {
    let start = path.hasSuffix("/") ? path : path + "/"
    return place.hasPrefix(start) ? String(place.dropFirst(start.count)) : place == path ? "" : place
  }
}

/// One look through a folder, on the way.
private struct Walk {
  let root: String
  /// The names of regular files, by the path of their folder below the root.
  var names: [String: [String]] = [:]
  var folders: [String] = []
  var count = 0
  var parts: [StoredPart] = []
  var unfinished: [StoredFolder.Unfinished] = []
  var faults: [StoredFolder.Fault] = []
  var stamps: [StoredFolder.Stamp] = []

  init(root: String) { self.root = root }

  private func place(_ name: String) -> String {
    name.isEmpty ? root : root.appendingPathComponent(name)
  }

  /// The files of a folder and of those below it.
  mutating func list(_ folder: String, depth: Int = 0) throws(FileError) {
    guard let found = try? FileManager.default.contentsOfDirectory(atPath: place(folder)) else {
      let error = FileError.unreadable(path: place(folder), reason: "its files cannot be listed")
      guard !folder.isEmpty else { throw error }
      return add(error, folder)
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
      guard count <= StoredFolder.mostFiles else {
        if count == StoredFolder.mostFiles + 1 {
          faults.append(
            .init(path: folder, sentence: "more than \(StoredFolder.mostFiles) files; the rest is left out"))
        }
        return
      }
      switch status.st_mode & S_IFMT {
      case S_IFREG:
        names[folder, default: []].append(name)
        guard ["json", "md"].contains(name.pathExtension.lowercased()) else { continue }
        stamps.append(
          .init(
            size: Int(status.st_size), seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec))
      case S_IFDIR where depth < StoredFolder.deepest: try list(path, depth: depth + 1)
      default: break
      }
    }
  }

  /// What the JSON files and the manifest of a folder are.
  mutating func read(_ folder: String) {
    let own = names[folder] ?? []
    var manifest: StoredManifest?
    if own.contains(StoredManifest.name) {
      do throws(FileError) {
        manifest = try StoredManifest(folder: place(folder))
      } catch {
        add(error, folder.appendingPathComponent(StoredManifest.name))
      }
    }
    for name in own where name.hasSuffix(".json") && name != StoredManifest.name {
      let path = folder.appendingPathComponent(name)
      do throws(FileError) {
        let data = try AtomicFile.read(place(path), limit: StoredPart.largestFile)
        guard let schema = try StoredPart.schema(of: data, path: place(path)), schema.hasPrefix("assay/")
        else { continue }
        parts.append(
          StoredPart(
            kind: .result(schema: schema), path: place(path), command: manifest?.commandLine(of: name),
            root: root))
      } catch {
        add(error, path)
      }
    }
    for training in StoredPart.Training.allCases where manifest?.lists(training.weights) == true {
      guard own.contains(training.weights) else {
        add(
          .missing(path: place(folder.appendingPathComponent(training.weights)), remedy: StoredPart.remedy),
          folder)
        continue
      }
      parts.append(
        StoredPart(
          kind: .training(training), path: place(folder),
          command: manifest?.commandLine(of: training.weights), root: root))
    }
    if !own.contains(StoredManifest.name), RunFolder(path: place(folder)).holdsState {
      unfinished.append(.init(path: folder))
    }
  }

  private mutating func add(_ error: FileError, _ path: String) {
    faults.append(.init(path: path, sentence: error.description))
  }

  /// The files whose ending is asked for, by their paths.
  func files(_ isWanted: (String) -> Bool) -> [String] {
    folders.flatMap { folder in
      (names[folder] ?? []).filter { isWanted($0.pathExtension.lowercased()) }
        .map { folder.appendingPathComponent($0) }
    }
  }
}
