import Files
import FoundationEssentials
import Glibc

/// A folder of pictures as a labelled set: a folder in it for each label, called as it is.
///
/// ```
/// flowers/daisy/1.jpg  flowers/daisy/garden/2.PNG  flowers/rose/1.jpeg …
/// ```
///
/// Folders within a label's folder count for it, links are followed, hidden files and folders are not looked
/// at. Files ending in .png, .jpg or .jpeg, in any case, are taken for pictures; what they are is seen when
/// they are read. Labels are in the order of their names, character by character, pictures in that of their
/// paths. Where the folders are called `train` and `test` (or `val`), those hold the labels' folders, of one
/// split each; else pictures are divided (``PictureSet``). Finds the pictures; does not read them.
struct PictureFolder: Sendable, Equatable {
  struct File: Sendable, Equatable {
    /// From the folder on.
    let path: String
    let label: Int
    /// nil where the folder has no splits of its own.
    let split: Split?
  }

  let path: String
  private(set) var labelNames: [String] = []
  private(set) var files: [File] = []
  /// What is left out, and why: sentences for a person.
  private(set) var notes: [String] = []

  private static func isPicture(_ name: String) -> Bool {
    ["png", "jpg", "jpeg"].contains(name.pathExtension.lowercased())
  }

  private static let heldOutNames = ["test", "val", "valid", "validation"]

  /// - Returns: nil where there is no folder with a picture in the folder.
  /// - Throws: ``FileError`` for folders that cannot be read, and for names and numbers of labels that cannot
  ///   be told apart.
  init?(_ path: String) throws(FileError) {
    self.path = path
    var finder = Finder(root: path)
    let (folders, loose) = try finder.content(of: "")
    let heldOut = Self.heldOutNames.first(where: folders.contains)
    if let heldOut, folders.contains("train"), try !finder.content(of: "train").folders.isEmpty {
      let splits: [(name: String, split: Split)] = [("train", .train), (heldOut, .test)]
      let labels = try splits.map { split throws(FileError) in try finder.content(of: split.name).folders }
      labelNames = Set(labels.joined()).sorted()
      for (place, split) in zip(splits, labels) {
        for name in split { try add(name, below: "\(place.name)/", split: place.split, &finder) }
      }
      let others = folders.filter { $0 != "train" && $0 != heldOut }
      if !others.isEmpty {
        notes.append("folders beside train and \(heldOut) not looked at: \(Self.list(others))")
      }
    } else {
      labelNames = folders
      try checkDifference()
      for name in folders { try add(name, below: "", split: nil, &finder) }
    }
    dropEmptyLabels()
    guard !files.isEmpty else {
      guard !loose.contains(where: Self.isPicture) else {
        throw .malformed(
          path: path, expected: "a folder of pictures for each label",
          found: "pictures without a label's folder")
      }
      return nil
    }
    try checkNames()
    notes += finder.notes
  }

  private mutating func add(
    _ name: String, below parent: String, split: Split?, _ finder: inout Finder
  ) throws(FileError) {
    guard let label = labelNames.firstIndex(of: name) else { return }
    for path in try finder.pictures(in: parent + name) {
      files.append(File(path: path, label: label, split: split))
    }
  }

  /// Labels without a picture are none.
  private mutating func dropEmptyLabels() {
    let found = Set(files.map(\.label))
    let empty = labelNames.indices.filter { !found.contains($0) }
    guard !empty.isEmpty, !files.isEmpty else { return }
    notes.append("folders without pictures left out: \(Self.list(empty.map { labelNames[$0] }))")
    let kept = labelNames.indices.filter(found.contains)
    let places = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($0.element, $0.offset) })
    files = files.map { File(path: $0.path, label: places[$0.label] ?? 0, split: $0.split) }
    labelNames = kept.map { labelNames[$0] }
  }

  private func checkNames() throws(FileError) {
    guard labelNames.count <= LabelNames.largestCount else {
      throw .malformed(
        path: path, expected: "at most \(LabelNames.largestCount) folders, one for each label",
        found: "\(labelNames.count)")
    }
    for name in labelNames {
      guard LabelNames.isPrintable(name) else {
        throw .malformed(
          path: path,
          expected: "folders with names of at most \(LabelNames.longestName) characters that print",
          found: name)
      }
    }
  }

  /// Equal to a person, such as é in one character and in two.
  private func checkDifference() throws(FileError) {
    for (index, name) in labelNames.enumerated() where labelNames[..<index].contains(name) {
      throw .malformed(path: path, expected: "folders of different names", found: "two called \(name)")
    }
  }

  /// The first of them.
  static func list(_ names: [String], limit: Int = 10) -> String {
    let shown = names.prefix(limit).map { $0.visible() }.joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
  }

  /// Walks folders, and keeps in mind what it passes over.
  private struct Finder {
    let root: String
    private var otherCount = 0
    private var loops: [String] = []

    init(root: String) { self.root = root }

    var notes: [String] {
      [
        otherCount == 0 ? nil : "files that are no PNG or JPEG by their names not looked at: \(otherCount)",
        loops.isEmpty ? nil : "links that lead back not followed: \(PictureFolder.list(loops))",
      ].compactMap { $0 }
    }

    /// What is in a folder and not hidden, by name.
    func content(of folder: String) throws(FileError) -> (folders: [String], files: [String]) {
      let path = folder.isEmpty ? root : "\(root)/\(folder)"
      guard let stream = opendir(path) else { throw AtomicFile.readingFailure(errno, path: path) }
      defer { closedir(stream) }
      var (folders, files): ([String], [String]) = ([], [])
      while let entry = readdir(stream) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        guard !name.hasPrefix(".") else { continue }
        var status = stat()
        // A link to nowhere is a file that cannot be read; pipes and devices are none that anybody means.
        let kind = stat("\(path)/\(name)", &status) == 0 ? status.st_mode & S_IFMT : S_IFREG
        if kind == S_IFDIR { folders.append(name) } else if kind == S_IFREG { files.append(name) }
      }
      return (folders.sorted(), files.sorted())
    }

    /// All pictures below a folder.
    mutating func pictures(in folder: String, within parents: [FilePlace] = []) throws(FileError) -> [String]
    {
      let own = FilePlace("\(root)/\(folder)")
      guard !parents.contains(where: { $0 == own }) else {
        loops.append(folder)
        return []
      }
      let (folders, files) = try content(of: folder)
      let pictures = files.filter(PictureFolder.isPicture)
      otherCount += files.count - pictures.count
      var found = pictures.map { "\(folder)/\($0)" }
      for name in folders {
        found += try self.pictures(in: "\(folder)/\(name)", within: parents + [own].compactMap { $0 })
      }
      return found
    }
  }
}
