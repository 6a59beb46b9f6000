import Datasets
import Files
import FoundationEssentials
import Glibc
import Pictures

/// A folder of PNG or JPEG pictures to be judged: all in it, or in one folder for each label.
///
/// Pictures are taken in the order of their names, character by character. Hidden files are not looked at,
/// files of other kinds are counted in a note. Colour becomes grey, transparency stands on black, and no
/// picture is shown otherwise than its bytes say (``Picture``).
struct SampleFolder {
  struct PictureFile {
    let path: String
    let label: Int?
    fileprivate static let endings = ["png", "jpg", "jpeg"]
  }

  private let path: String
  private let labelNames: [String]
  private(set) var pictures: [PictureFile] = []
  private var otherCount = 0

  /// Finds the pictures; does not read them.
  ///
  /// - Throws: ``FileError/malformed(path:expected:found:)`` for a folder without pictures, for pictures
  ///   beside folders, and for a folder that is called like no label.
  init(_ path: String, labelNames: [String]) throws(FileError) {
    self.path = path
    self.labelNames = labelNames
    let content = try Self.content(of: path)
    let folders = content.filter(\.isFolder)
    add(content, label: nil)
    guard folders.isEmpty || pictures.isEmpty else {
      throw .malformed(
        path: path, expected: "either PNG or JPEG pictures or a folder of them for each label",
        found: "both (\(pictures[0].path) and \(folders[0].path))")
    }
    for folder in folders {
      let label = try label(ofFolder: folder.name)
      add(try Self.content(of: folder.path), label: label)
    }
    guard !pictures.isEmpty else {
      throw .malformed(
        path: path, expected: "PNG or JPEG pictures, or a folder of them for each label",
        found: otherCount == 0 ? "none" : "none, but other files: \(otherCount)")
    }
  }

  private mutating func add(_ content: [Entry], label: Int?) {
    let found = content.filter(\.isPicture)
    pictures += found.map { PictureFile(path: $0.path, label: label) }
    otherCount += content.count { !$0.isFolder && !$0.isPicture }
  }

  /// Reads the pictures, and makes images of each at once.
  ///
  /// - Parameters:
  ///   - array: a label for each image, in the order of the pictures' names.
  ///   - fitting: what makes images of pictures of some height and width.
  /// - Throws: ``FileError`` for pictures that cannot be read or differ in size, and for labels that do not
  ///   fit.
  func load(
    labels array: LabelArray? = nil, channels: Int = 1,
    _ fitting: (Int, Int) throws(FileError) -> SampleFitting
  ) throws(FileError) -> SampleImages {
    if let array { try checkOrder(for: array) }
    let first = try read(pictures[0]).bitmap
    let (height, width) = (first.height, first.width)
    var fit = try fitting(height, width)
    let length = fit.size * fit.size * channels
    var (pixels, foldersLabels): ([UInt8], [Int]) = ([], [])
    pixels.reserveCapacity(pictures.count * length)
    var traits = PictureTraits(channels: channels)
    for picture in pictures {
      let found = try read(picture)
      let bitmap = found.bitmap
      guard (bitmap.height, bitmap.width) == (height, width) else {
        throw .malformed(
          path: picture.path, expected: "\(height)×\(width) pixels, as \(pictures[0].path) has",
          found: "\(bitmap.height)×\(bitmap.width)")
      }
      traits.add(found)
      let images = fit(GreyConversion.pixels(bitmap.pixels, from: bitmap.channels, to: channels))
      pixels += images
      if let label = picture.label { foldersLabels += [Int](repeating: label, count: images.count / length) }
    }
    let labels = try array.map { array throws(FileError) in
      try array.labels(
        imageCount: pixels.count / length, labelCount: labelNames.count, names: labelNames)
    }
    let other = otherCount == 0 ? [] : ["files of other kinds not looked at: \(otherCount)"]
    return SampleImages(
      source: path, height: fit.size, width: fit.size, channels: channels, pixels: pixels,
      labels: labels ?? (foldersLabels.isEmpty ? nil : foldersLabels), range: traits.range,
      notes: traits.notes + fit.notes + other)
  }

  private func read(_ picture: PictureFile) throws(FileError) -> Picture {
    try Picture(AtomicFile.read(picture.path), path: picture.path)
  }

  // MARK: - Labels

  /// - Throws: ``FileError/malformed(path:expected:found:)`` where a file of labels cannot be meant for these
  ///   pictures.
  func checkOrder(for array: LabelArray) throws(FileError) {
    guard pictures.allSatisfy({ $0.label == nil }) else {
      throw .malformed(
        path: path, expected: "pictures without labels, for those in \(array.path)",
        found: "a folder for each label")
    }
    // Whoever numbers pictures means 2.png to come before 10.png, and would get wrong labels in silence.
    let paths = pictures.map(\.path)
    let numbered = paths.sorted { NumberedName($0) < NumberedName($1) }
    if let (name, other) = zip(paths, numbered).first(where: { $0 != $1 }) {
      throw .malformed(
        path: path,
        expected: "names in the order of their numbers, such as 02 and 10, for the labels in \(array.path)",
        found: "\(name.lastPathComponent) before \(other.lastPathComponent)")
    }
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
    var isPicture: Bool {
      !isFolder && PictureFile.endings.contains(name.lowercased().pathExtension)
    }
  }

  /// What is in a folder and not hidden, by name.
  private static func content(of folder: String) throws(FileError) -> [Entry] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      let reason = access(folder, R_OK) == 0 ? "its files cannot be listed" : String(cString: strerror(errno))
      throw .unreadable(path: folder, reason: reason)
    }
    return names.filter { !$0.hasPrefix(".") }.sorted().map { name in
      let path = "\(folder)/\(name)"
      var isFolder = false
      let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      return Entry(name: name, path: path, isFolder: exists && isFolder)
    }
  }
}
