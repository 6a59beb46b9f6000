import Datasets
import Files
import Foundation

/// Where images to be judged are read from, and in which form they are wanted.
///
/// | path | images | labels |
/// |---|---|---|
/// | `.npy` | the array | – |
/// | `.npz` | the array `images`, else a single unnamed one (`arr_0`) | the array `labels`, where there is one |
/// | folder | the PNG pictures in it, by name | – |
/// | folder of folders | the PNG pictures in those, by name | each folder's name: a label's, or its number |
///
/// A file of labels goes with any but the last, and before the labels in an archive. Images of another size
/// are resized. Says nothing about whether the images are good: that is for those who judge.
package struct SampleSource {
  /// What the labels 0, 1, … are called.
  package var labelNames: [String]
  /// Rows and columns of the images wanted.
  package var size = 28
  /// Black and white in arrays of floating-point numbers.
  package var pixelRange = 0.0...1.0

  package init(labelNames: [String]) { self.labelNames = labelNames }

  /// - Parameter labels: a `.npy` array of labels, or an `.npz` archive with one called `labels`.
  /// - Throws: ``FileError`` where something is missing or is not what the table says.
  package func load(_ path: String, labels: String? = nil) throws(FileError) -> SampleImages {
    let isFolder = try AtomicFile.isFolder(
      path, remedy: "pass a .npy or .npz file or a folder of PNG pictures")
    let labels = try labels.map(labelArray)
    return try isFolder
      ? SampleFolder(path, labelNames: labelNames).load(size: size, labels: labels)
      : arrays(path, labels: labels)
  }

  private func arrays(_ path: String, labels given: NPYArray?) throws(FileError) -> SampleImages {
    let images: NPYArray
    var stored: NPYArray?
    switch Self.kind(of: path) {
    case "npy": images = try NPYArray(contentsOf: path)
    case "npz":
      let archive = try NPZArchive(path)
      images = try Self.array("images", in: archive)
      if given == nil, archive.names.contains("labels") { stored = try archive.array("labels") }
    default: throw Self.refusal(path, expected: "a .npy or .npz file or a folder of PNG pictures")
    }
    let samples = try SampleImages(
      images, labels: given ?? stored, labelCount: labelNames.count, pixelRange: pixelRange, source: path)
    return samples.resized(height: size, width: size)
  }

  private func labelArray(_ path: String) throws(FileError) -> NPYArray {
    try AtomicFile.checkIsFile(path)
    switch Self.kind(of: path) {
    case "npy": return try NPYArray(contentsOf: path)
    case "npz": return try Self.array("labels", in: NPZArchive(path))
    default: throw Self.refusal(path, expected: "labels in a .npy or .npz file")
    }
  }

  /// The array called `name`, or the one that was saved without a name.
  private static func array(_ name: String, in archive: NPZArchive) throws(FileError) -> NPYArray {
    let isUnnamed = !archive.names.contains(name) && archive.names.filter { $0 != "labels" } == ["arr_0"]
    return try archive.array(isUnnamed ? "arr_0" : name)
  }

  private static func kind(of path: String) -> String { (path as NSString).pathExtension.lowercased() }

  private static func refusal(_ path: String, expected: String) -> FileError {
    let ending = kind(of: path)
    let other = ending.isEmpty ? "a file whose name does not tell its kind" : "a .\(ending) file"
    let kind = FileKind(at: path).flatMap { $0 == .text ? nil : $0.sentence(wanted: .array) }
    return .malformed(path: path, expected: expected, found: kind.map { "\(other): \($0)" } ?? other)
  }
}
