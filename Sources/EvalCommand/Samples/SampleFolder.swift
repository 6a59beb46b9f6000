import Datasets
import Figures
import Files
import Foundation

/// A folder of PNG pictures to be judged: all in it, or in one folder for each label.
///
/// Pictures are taken in the order of their names, character by character. Hidden files are not looked at,
/// files of other kinds are counted in a note. Colour becomes grey, transparency stands on white.
struct SampleFolder {
  private struct Picture {
    let path: String
    let label: Int?
  }

  private let path: String
  private let labelNames: [String]
  private var pictures: [Picture] = []
  private var otherCount = 0

  /// Finds the pictures; does not read them.
  ///
  /// - Throws: ``FileError/malformed(path:expected:found:)`` for a folder without pictures, for pictures beside
  ///   folders, and for a folder that is called like no label.
  init(_ path: String, labelNames: [String]) throws(FileError) {
    self.path = path
    self.labelNames = labelNames
    let content = try Self.content(of: path)
    let folders = content.filter(\.isFolder)
    add(content, label: nil)
    guard folders.isEmpty || pictures.isEmpty else {
      throw .malformed(
        path: path, expected: "either PNG pictures or a folder of them for each label",
        found: "both (\(pictures[0].path) and \(folders[0].path))")
    }
    for folder in folders {
      let label = try label(ofFolder: folder.name)
      add(try Self.content(of: folder.path), label: label)
    }
    guard !pictures.isEmpty else {
      throw .malformed(
        path: path, expected: "PNG pictures, or a folder of them for each label",
        found: otherCount == 0 ? "none" : "none, but other files: \(otherCount)")
    }
  }

  private mutating func add(_ content: [Entry], label: Int?) {
    let found = content.filter(\.isPicture)
    pictures += found.map { Picture(path: $0.path, label: label) }
    otherCount += content.count { !$0.isFolder && !$0.isPicture }
  }

  /// Reads the pictures, each resized to `size` × `size` at once.
  ///
  /// - Parameter labels: one for each picture, in the order of their names.
  /// - Throws: ``FileError`` for pictures that cannot be read or differ in size, and for labels that do not fit.
  func load(size: Int, labels array: LabelArray? = nil) throws(FileError) -> SampleImages {
    let labels = try array.map { array throws(FileError) in try given(array) } ?? foldersLabels
    let first = try read(pictures[0])
    let (height, width) = (first.height, first.width)
    let resize = ImageResizing(from: (height, width), to: (size, size))
    var pixels: [UInt8] = []
    pixels.reserveCapacity(pictures.count * size * size)
    var (least, greatest, valueCount, hasColor) = (UInt8.max, UInt8.min, 0, false)
    for picture in pictures {
      let bitmap = try read(picture)
      guard (bitmap.height, bitmap.width) == (height, width) else {
        throw .malformed(
          path: picture.path, expected: "\(height)×\(width) pixels, as \(pictures[0].path) has",
          found: "\(bitmap.height)×\(bitmap.width)")
      }
      least = min(least, bitmap.pixels.min() ?? least)
      greatest = max(greatest, bitmap.pixels.max() ?? greatest)
      valueCount += bitmap.pixels.count
      hasColor = hasColor || bitmap.channels == 3
      pixels += resize(bitmap.channels == 3 ? GreyConversion.luma(bitmap.pixels) : bitmap.pixels)
    }
    let notes = [
      hasColor ? GreyConversion.note : nil,
      (height, width) == (size, size) ? nil : resize.note,
      otherCount == 0 ? nil : "files of other kinds not looked at: \(otherCount)",
    ]
    return SampleImages(
      source: path, height: size, width: size, pixels: pixels, labels: labels,
      range: .ofBytes(least...greatest, count: valueCount), notes: notes.compactMap { $0 })
  }

  private func read(_ picture: Picture) throws(FileError) -> Bitmap {
    try PNG.decode(AtomicFile.read(picture.path), path: picture.path)
  }

  // MARK: - Labels

  /// The labels that the folders say, where they do.
  private var foldersLabels: [Int]? {
    let labels = pictures.compactMap(\.label)
    return labels.isEmpty ? nil : labels
  }

  private func given(_ array: LabelArray) throws(FileError) -> [Int] {
    guard foldersLabels == nil else {
      throw .malformed(
        path: path, expected: "pictures without labels, for those in \(array.path)",
        found: "a folder for each label")
    }
    // Whoever numbers pictures means 2.png to come before 10.png, and would get wrong labels in silence.
    let paths = pictures.map(\.path)
    let numbered = paths.sorted { $0.compare($1, options: .numeric) == .orderedAscending }
    if let (name, other) = zip(paths, numbered).first(where: { $0 != $1 }) {
      throw .malformed(
        path: path,
        expected: "names in the order of their numbers, such as 02 and 10, for the labels in \(array.path)",
        found: "\((name as NSString).lastPathComponent) before \((other as NSString).lastPathComponent)")
    }
    return try array.labels(imageCount: pictures.count, labelCount: labelNames.count, names: labelNames)
  }

  /// By name or by number.
  private func label(ofFolder name: String) throws(FileError) -> Int {
    if let label = LabelName.index(of: name, in: labelNames) { return label }
    throw .malformed(
      path: path,
      expected: "folders called \(labelNames.joined(separator: ", ")) or 0 to \(labelNames.count - 1)",
      found: name)
  }

  // MARK: - The file system

  private struct Entry {
    let name: String
    let path: String
    let isFolder: Bool
    var isPicture: Bool { !isFolder && name.lowercased().hasSuffix(".png") }
  }

  /// What is in a folder and not hidden, by name.
  private static func content(of folder: String) throws(FileError) -> [Entry] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw .unreadable(path: folder, reason: error.localizedDescription)
    }
    return names.filter { !$0.hasPrefix(".") }.sorted().map { name in
      let path = "\(folder)/\(name)"
      var isFolder: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      return Entry(name: name, path: path, isFolder: exists && isFolder.boolValue)
    }
  }
}
