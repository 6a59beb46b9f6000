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

  /// - Parameter labels: a `.npy` array of labels in any form of ``LabelArray``, or an `.npz` archive with one called `labels`.
  /// - Throws: ``FileError`` where something is missing or is not what the table says.
  package func load(_ path: String, labels: String? = nil) throws(FileError) -> SampleImages {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .missing(path: path, remedy: "pass a .npy or .npz file or a folder of PNG pictures")
    }
    let labels = try labels.map(labelArray)
    return try isFolder.boolValue
      ? SampleFolder(path, labelNames: labelNames).load(size: size, labels: labels)
      : arrays(path, labels: labels)
  }

  private func arrays(_ path: String, labels given: LabelArray?) throws(FileError) -> SampleImages {
    let images: NPYArray
    var stored: LabelArray?
    switch Self.kind(of: path) {
    case "npy": images = try NPYArray(contentsOf: path)
    case "npz":
      let archive = try NPZArchive(path)
      images = try archive.array(Self.name("images", in: archive))
      if given == nil, archive.names.contains("labels") { stored = try LabelArray("labels", in: archive) }
    default: throw Self.refusal(path, expected: "a .npy or .npz file or a folder of PNG pictures")
    }
    let samples = try SampleImages(
      images, labels: given ?? stored, names: labelNames, pixelRange: pixelRange, source: path)
    return samples.resized(height: size, width: size)
  }

  private func labelArray(_ path: String) throws(FileError) -> LabelArray {
    try AtomicFile.checkIsFile(path)
    switch Self.kind(of: path) {
    case "npy": return try LabelArray(contentsOf: path)
    case "npz":
      let archive = try NPZArchive(path)
      return try LabelArray(Self.name("labels", in: archive), in: archive)
    default: throw Self.refusal(path, expected: "labels in a .npy or .npz file")
    }
  }

  /// The array called `name`, or the one that was saved without a name.
  private static func name(_ name: String, in archive: NPZArchive) -> String {
    let isUnnamed = !archive.names.contains(name) && archive.names.filter { $0 != "labels" } == ["arr_0"]
    return isUnnamed ? "arr_0" : name
  }

  private static func kind(of path: String) -> String { (path as NSString).pathExtension.lowercased() }

  private static func refusal(_ path: String, expected: String) -> FileError {
    let kind = kind(of: path)
    return .malformed(
      path: path, expected: expected,
      found: kind.isEmpty ? "a file whose name does not tell its kind" : "a .\(kind) file")
  }
}
