import Files
import FoundationEssentials
import Glibc

/// All files of data sets in one folder.
struct DatasetFolder {
  /// The files of one set in one form.
  struct Candidate {
    let set: String
    /// In the order of preference of the forms.
    let form: Int
    var files: [DatasetFileName: [String]] = [:]
    var archive: (path: String, splits: [Split])?

    func source(_ split: Split, in folder: String) throws(FileError) -> DatasetFiles.Source? {
      if let archive { return archive.splits.contains(split) ? .archive(archive.path) : nil }
      func path(_ content: DatasetFileName.Content) throws(FileError) -> String? {
        let paths = files.first { $0.key.split == split && $0.key.content == content }?.value ?? []
        // The same file packed and plain is one.
        let different = Set(paths.map { $0.hasSuffix(".gz") ? String($0.dropLast(3)) : $0 })
        guard different.count < 2 else {
          throw .malformed(
            path: folder,
            expected: "one file of the \(split.rawValue) \(content == .table ? "images" : "\(content)")",
            found: paths.map { $0.lastPathComponent }.joined(separator: ", "))
        }
        return paths.first { $0.hasSuffix(".gz") } ?? paths.first
      }
      if let table = try path(.table) { return .table(table) }
      let (images, labels) = (try path(.images), try path(.labels))
      return images == nil && labels == nil ? nil : .idx(images: images, labels: labels)
    }
  }

  private var all: [Candidate] = []
  var isEmpty: Bool { all.isEmpty }

  /// - Parameter folder: where to look; folders in it are not looked into.
  init(_ folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    var folders: [String] = []
    for name in names.sorted() {
      let path = folder.appendingPathComponent(name)
      var isFolder = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
      if isFolder { folders.append(path) } else { add(path, name) }
    }
    // A folder in the place of a file is better named than passed over, but not where the file is there too.
    for path in folders {
      guard let name = DatasetFileName(path.lastPathComponent), name.content != .table,
        !all.contains(where: { $0.files[name] != nil })
      else { continue }
      add(path, name)
    }
  }

  private mutating func add(_ path: String, _ name: String) {
    if let place = DatasetFileName(name) {
      add(path, place)
    } else if name.lowercased().hasSuffix(".npz"), let splits = try? KerasArchive(path).splits,
      !splits.isEmpty
    {
      all.append(Candidate(set: Self.set(ofArchive: name), form: 2, archive: (path, splits)))
    }
  }

  private mutating func add(_ path: String, _ name: DatasetFileName) {
    let form = name.content == .table ? 1 : 0
    let index = all.firstIndex { $0.set == name.set && $0.form == form && $0.archive == nil } ?? all.count
    if index == all.count { all.append(Candidate(set: name.set, form: form)) }
    all[index].files[name, default: []].append(path)
  }

  /// A file that a person named; a table's other split may stand beside it.
  init(file path: String) throws(FileError) {
    let name = path.lastPathComponent
    if name.lowercased().hasSuffix(".npz") {
      let splits = try KerasArchive(path).splits
      guard !splits.isEmpty else {
        throw .malformed(
          path: path, expected: "arrays called x_train, y_train, x_test and y_test", found: "none of them")
      }
      all = [Candidate(set: Self.set(ofArchive: name), form: 2, archive: (path, splits))]
      return
    }
    guard let place = DatasetFileName(name), place.content == .table else {
      let isTable = name.lowercased().hasSuffix(".csv")
      throw .malformed(
        path: path,
        expected: isTable
          ? "a table with train or test in its name, such as mnist_test.csv"
          : "a folder with a data set, a table (.csv) or an archive (.npz)",
        found: isTable ? "neither" : "a file of another kind")
    }
    let folder = path.deletingLastPathComponent
    all = DatasetFolder(folder.isEmpty ? "." : folder).all.filter { $0.form == 1 && $0.set == place.set }
    if all.isEmpty { all = [Candidate(set: place.set, form: 1)] }
    // Whatever else is called so: this one is meant.
    all[0].files[place] = [path]
  }

  private static func set(ofArchive name: String) -> String {
    let words = name.lowercased().dropLast(4).split { "-_. ".contains($0) }
    return words.joined(separator: "-")
  }

  /// Those of one set, the preferred form first.
  func candidates(for set: String?, in folder: String) throws(FileError) -> [Candidate] {
    var found = all.sorted { $0.form < $1.form }
    if let set {
      let named = found.filter { DatasetFileName.key($0.set) == DatasetFileName.key(set) }
      let unnamed = found.filter { $0.set.isEmpty }
      found = !named.isEmpty ? named : !unnamed.isEmpty ? unnamed : found
    }
    let names = Set(found.map { DatasetFileName.key($0.set) }).subtracting([""])
    let isOne = names.count <= 1 && Set(found.map(\.form)).count == found.count
    guard isOne else {
      throw Self.several(found.map { $0.set.isEmpty ? "one without a name" : $0.set }, in: folder)
    }
    return found
  }

  static func several(_ sets: [String], in folder: String) -> FileError {
    .malformed(
      path: folder, expected: DatasetFiles.oneSet,
      found: Set(sets).sorted().joined(separator: ", "))
  }
}
