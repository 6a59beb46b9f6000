import Datasets
import Files
import Foundation
import TestSupport
import Testing

struct IDXTests {
  /// What is wrong with a file, and how the error must describe it.
  struct BadFile: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let kind: IDX.Kind
    let content: [UInt8]
    let expected: String
    let found: String

    init(_ name: String, _ kind: IDX.Kind, _ content: [UInt8], expected: String, found: String) {
      testDescription = name
      self.kind = kind
      self.content = content
      self.expected = expected
      self.found = found
    }
  }

  private static let imagesMagic = "IDX images (magic 00000803 or 00000804)"
  private static let tooLarge = "at most 629145600 values"

  static let badFiles = [
    BadFile("empty file", .images, [], expected: imagesMagic, found: "a file of 0 bytes"),
    BadFile("three bytes", .images, [0, 0, 8], expected: imagesMagic, found: "a file of 3 bytes"),
    BadFile(
      "labels for images", .images, idx([2], [1, 2]), expected: imagesMagic, found: "magic 00000801"),
    BadFile(
      "images for labels", .labels, idx([1, 1, 1], [1]), expected: "IDX labels (magic 00000801)",
      found: "magic 00000803"),
    BadFile(
      "values of another type", .images, idx([1, 1, 1], [1], type: 13), expected: imagesMagic,
      found: "magic 00000d03 (floating-point numbers of 32 bits)"),
    BadFile(
      "labels that are no whole numbers", .labels, idx([1], [0, 0, 0, 0], type: 13),
      expected: "IDX labels (magic 00000801)", found: "magic 00000d01 (floating-point numbers of 32 bits)"),
    BadFile(
      "a label of two thousand million", .labels, idx([2], [0, 0, 0, 1, 127, 255, 255, 255], type: 12),
      expected: "labels from 0 to 255", found: "2147483647 at position 1"),
    BadFile(
      "a label of 256", .labels, idx([2], [0, 1, 1, 0], type: 11), expected: "labels from 0 to 255",
      found: "256 at position 1"),
    BadFile(
      "a negative label", .labels, idx([2], [1, 255], type: 9), expected: "labels from 0 to 255",
      found: "-1 at position 1"),
    BadFile(
      "half a label", .labels, idx([2], [0, 1, 0], type: 11), expected: "12 bytes of content",
      found: "11 bytes"),
    BadFile(
      "a web page", .images, Array("<!DOCTYPE html><html>".utf8), expected: imagesMagic,
      found: "a web page, such as a server's error or sign-in page saved under this name; download it again"),
    BadFile(
      "other bytes", .images, [0xC0, 0xFF, 0xEE, 0], expected: imagesMagic, found: "magic c0ffee00"),
    BadFile(
      "cut off in the header", .images, Array(idx([2, 2, 3], []).prefix(11)),
      expected: "a header of 16 bytes", found: "a file of 11 bytes"),
    BadFile(
      "too few values", .images, idx([2, 2, 3], [1, 2, 3]), expected: "28 bytes of content",
      found: "19 bytes"),
    BadFile(
      "too many values", .images, idx([1, 1, 2], [1, 2, 3]), expected: "18 bytes of content",
      found: "19 bytes"),
    BadFile(
      "no image", .images, idx([0, 28, 28], []), expected: "at least one of its images",
      found: "an empty set (its header declares 0 x 28 x 28)"),
    BadFile(
      "no label", .labels, idx([0], []), expected: "at least one of its labels",
      found: "an empty set (its header declares 0)"),
    BadFile(
      "images without rows", .images, idx([5, 0, 28], []), expected: "at least one of its images",
      found: "an empty set (its header declares 5 x 0 x 28)"),
    BadFile(
      "four billion images", .images, idx([0xffff_ffff, 28, 28], [1]), expected: tooLarge,
      found: "a header that declares 4294967295 x 28 x 28"),
    BadFile(
      "a product that overflows 64 bits", .images,
      idx([0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], []), expected: tooLarge,
      found: "a header that declares 4294967295 x 4294967295 x 4294967295 x 4294967295"),
    BadFile(
      "a product that is zero modulo 2⁶⁴", .images, idx([1 << 31, 1 << 31, 1 << 31, 1 << 31], []),
      expected: tooLarge, found: "a header that declares 2147483648 x 2147483648 x 2147483648 x 2147483648"),
    BadFile(
      "a bomb", .images, idx([1, 2, 2], [UInt8](repeating: 0, count: 1_000_000)),
      expected: "20 bytes of content", found: "more"),
  ]

  @Test(arguments: badFiles, [true, false])
  func badFileIsRefused(file: BadFile, compressed: Bool) throws {
    let data = try compressed ? gzip(file.content) : Data(file.content)
    #expect(throws: FileError.malformed(path: "file", expected: file.expected, found: file.found)) {
      try IDX(file.kind, data: data, path: "file")
    }
  }

  /// Longer than the header of an IDX file, so known from the file itself.
  @Test func aPointerOfGitLFSIsNamed() {
    let pointer = Data("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 26421880\n".utf8)
    #expect(
      throws: FileError.malformed(
        path: "file", expected: Self.imagesMagic,
        found:
          "a Git LFS pointer, which stands for the file and is not it; fetch the file itself with git lfs pull"
      )
    ) { try IDX(.images, data: pointer, path: "file") }
  }

  @Test func readsImagesAndLabels() throws {
    let images = try IDX(.images, data: Data(idx([2, 1, 3], [1, 2, 3, 4, 5, 6])), path: "f")
    #expect(images.shape == [2, 1, 3, 1])
    #expect(images.values == [1, 2, 3, 4, 5, 6])
    let labels = try IDX(.labels, data: gzip(idx([3], [7, 8, 9])), path: "f")
    #expect(labels.shape == [3])
    #expect(labels.values == [7, 8, 9])
  }

  /// Signed bytes, 16 and 32 bits; rows that begin with the label, as QMNIST has them; one-hot rows.
  @Test(arguments: [
    idx([3], [7, 0, 9], type: 9), idx([3], [0, 7, 0, 0, 0, 9], type: 11),
    idx([3], [0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 9], type: 12),
    idx([3, 2], [0, 0, 0, 7, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 9, 0, 0, 0, 3], type: 12),
    idx([3, 1], [7, 0, 9]),
    idx(
      [3, 10], [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
  ])
  func readsLabelsOfOtherForms(content: [UInt8]) throws {
    let labels = try IDX(.labels, data: Data(content), path: "f")
    #expect(labels.shape == [3] && labels.values == [7, 0, 9])
    #expect(labels.sha256 == SHA256.hex(of: Data(content)))
  }

  @Test func readsColourImages() throws {
    let images = try IDX(.images, data: gzip(idx([1, 1, 2, 3], [1, 2, 3, 4, 5, 6])), path: "f")
    #expect(images.shape == [1, 1, 2, 3])
    #expect(images.values == [1, 2, 3, 4, 5, 6])
  }

  @Test func dimensionsAreBigEndian() throws {
    let labels = try IDX(.labels, data: Data(idx([258], [UInt8](repeating: 1, count: 258))), path: "f")
    #expect(labels.values.count == 258)
  }

  @Test func digestIsOfTheUncompressedFile() throws {
    let content = idx([3], [7, 8, 9])
    let digest = SHA256.hex(of: Data(content))
    #expect(try IDX(.labels, data: Data(content), path: "f").sha256 == digest)
    #expect(try IDX(.labels, data: gzip(content), path: "f").sha256 == digest)
  }

  @Test func missingFileAndFolderInItsPlace() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/images"
      #expect(throws: FileError.missing(path: path, remedy: "check the path")) {
        try IDX.read(.images, at: path)
      }
      #expect(throws: FileError.unreadable(path: folder, reason: "it is a folder")) {
        try IDX.read(.images, at: folder)
      }
    }
  }
}
