import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// The error that `body` throws.
func failure(_ body: () throws -> Void) -> FileError? {
  do {
    try body()
    return nil
  } catch {
    return error as? FileError
  }
}

/// A set of 6 training and 4 test images of 2 x 3 pixels, with the labels 0, 1, 2, 0, …
enum TinySet {
  static func labels(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 3) } }
  static func pixels(_ count: Int) -> [UInt8] { (0..<count * 6).map { UInt8($0 * 7 % 256) } }

  static func content(of file: DatasetFile) -> [UInt8] {
    let count = file == .trainImages || file == .trainLabels ? 6 : 4
    return file.kind == .images ? idx([count, 2, 3], pixels(count)) : idx([count], labels(count))
  }

  /// The four files as a server has them, by name.
  static func files() throws -> [String: Data] {
    var files: [String: Data] = [:]
    for file in DatasetFile.allCases { files[file.compressedName] = try gzip(content(of: file)) }
    return files
  }

  static func write(to folder: String) throws {
    for (name, data) in try files() { try AtomicFile.write(data, to: "\(folder)/\(name)") }
  }

  /// The description that fits the files.
  static let dataset = Dataset(
    name: "tiny-set", labelNames: ["zero", "one", "two"],
    digests: Dictionary(
      uniqueKeysWithValues: DatasetFile.allCases.map { ($0, SHA256.hex(of: Data(content(of: $0)))) }),
    home: "http://tiny.invalid/data/", debianPackage: "dataset-tiny")
}
