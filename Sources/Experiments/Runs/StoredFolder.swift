import Files
import FoundationEssentials

/// Everything below a folder of results or runs: what its files are, by their paths in it.
///
/// A file that is not what it should be does not stop the others: it is one of the faults. Links are not
/// followed, hidden files and sites are not looked at, and nothing outside the folder is read. Reads no
/// figures.
package struct StoredFolder: Sendable {
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

  /// What tells that a folder is a site of another one: its style sheet.
  package static let siteMark = "assay.css"

  package static let pictureKinds: Set<String> = ["png", "gif", "svg", "jpg", "jpeg"]

  /// Looks through a folder.
  ///
  /// - Throws: as ``FolderListing/init(_:)``. What is wrong further down is one of the faults.
  package init(_ path: String) throws(FileError) { self.init(try FolderListing(path)) }

  /// Reads what the files of a listing are.
  package init(_ listing: FolderListing) {
    path = listing.path
    pictures = listing.files { Self.pictureKinds.contains($0) }
    tables = listing.files { $0 == "csv" }
    documents = listing.files { $0 == "md" }
    var reading = Reading(listing: listing, faults: listing.faults)
    for folder in listing.folders { reading.read(folder) }
    (parts, unfinished, faults) = (reading.parts, reading.unfinished, reading.faults)
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

  /// The newest of the grids in a training's folder, and its step.
  ///
  /// - Parameter training: the path below this folder; empty for this one.
  package func newestGrid(of training: String) -> (path: String, step: Int)? {
    let grids = training.appendingPathComponent("grids")
    return pictures.compactMap { path -> (path: String, step: Int)? in
      guard path.deletingLastPathComponent == grids else { return nil }
      return GridName.step(of: path.lastPathComponent).map { (path, $0) }
    }.max { $0.step < $1.step }
  }
}

/// What the files of a listing are, on the way.
private struct Reading {
  let listing: FolderListing
  var parts: [StoredPart] = []
  var unfinished: [StoredFolder.Unfinished] = []
  var faults: [StoredFolder.Fault]

  /// What the JSON files and the manifest of a folder are.
  mutating func read(_ folder: String) {
    let own = listing.names[folder] ?? []
    var manifest: StoredManifest?
    if own.contains(StoredManifest.name) {
      do throws(FileError) {
        manifest = try StoredManifest(folder: listing.place(folder))
      } catch {
        add(error, folder.appendingPathComponent(StoredManifest.name))
      }
    }
    for name in own where name.hasSuffix(".json") && name != StoredManifest.name {
      let path = folder.appendingPathComponent(name)
      do throws(FileError) {
        if let part = try StoredPart(result: listing.place(path), manifest, root: listing.path) {
          parts.append(part)
        }
      } catch {
        add(error, path)
      }
    }
    for training in StoredPart.Training.allCases where manifest?.lists(training.weights) == true {
      guard own.contains(training.weights) else {
        add(
          .missing(
            path: listing.place(folder.appendingPathComponent(training.weights)), remedy: StoredPart.remedy),
          folder)
        continue
      }
      parts.append(
        StoredPart(
          kind: .training(training), path: listing.place(folder),
          command: manifest?.commandLine(of: training.weights), root: listing.path))
    }
    if !own.contains(StoredManifest.name), RunFolder(path: listing.place(folder)).holdsState {
      unfinished.append(.init(path: folder))
    }
  }

  private mutating func add(_ error: FileError, _ path: String) {
    faults.append(.init(path: path, sentence: error.description))
  }
}
