import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// Masks out of files: whatever kind of number says 0 and 1, and a sentence for everything else.
@Suite struct PixelMaskTests {
  private static let bytes: [UInt8] = [1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]
  /// Three images of two rows and three columns.
  private let images = LabeledImages(
    name: "tiny", split: .test, height: 2, width: 3, pixels: [UInt8](repeating: 9, count: 18),
    labels: [0, 0, 0], labelNames: ["Hat"])

  private func read(
    _ data: Data, _ images: LabeledImages? = nil, takesFirst: Bool = false
  ) throws(FileError) -> PixelMask {
    try PixelMask(data, path: "masks/own.npy", for: images ?? self.images, takesFirst: takesFirst)
  }

  /// As NumPy stores an array of another type; the header keeps its length.
  private static func retyped(_ data: Data, _ from: String, _ to: String) -> Data {
    let text = String(decoding: data.prefix(128), as: UTF8.self)
    precondition(from.utf8.count == to.utf8.count && text.contains(from))
    var data = data
    if let place = data.range(of: Data(from.utf8)) { data.replaceSubrange(place, with: Data(to.utf8)) }
    return data
  }

  static let files: [(String, Data)] = {
    let shape = [3, 2, 3]
    let (data, numbers) = (NPY.data(bytes, shape: shape), bytes.map { Int($0) })
    return [
      ("uint8", data), ("bool", retyped(data, "|u1", "|b1")), ("int8", retyped(data, "|u1", "|i1")),
      ("int64", NPY.data(numbers, shape: shape)),
      ("uint64", retyped(NPY.data(numbers, shape: shape), "<i8", "<u8")),
      ("float32", NPY.data(numbers.map { Float($0) }, shape: shape)),
    ]
  }()

  @Test(arguments: files)
  func everyKindOfNumberIsRead(kind: String, data: Data) throws {
    let mask = try read(data)
    #expect(mask.pixels == Self.bytes && mask.shape == [3, 2, 3] && mask.count == 3, "\(kind)")
    #expect(mask.name == "own.npy" && mask.sha256 == SHA256.hex(of: data))
    #expect(mask.closedCount == 1)
    #expect(Array(mask.values(at: 2)) == [0, 1, 0, 0, 0, 0])
  }

  @Test func oneMaskIsForAllImages() throws {
    let mask = try read(NPY.data([UInt8](Self.bytes.prefix(6)), shape: [2, 3]))
    #expect(mask.count == nil && mask.closedCount == 0)
    #expect(Array(mask.values(at: 2)) == [1, 0, 0, 1, 1, 0])
    #expect(mask.at([2, 0]) == mask && mask.prefix(1) == mask)
  }

  @Test func masksArePickedLikeImages() throws {
    let mask = try read(NPY.data(Self.bytes, shape: [3, 2, 3]))
    let picked = mask.at([2, 0])
    #expect(picked.pixels == [0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1, 0] && picked.count == 2)
    #expect(picked.name == mask.name && picked.sha256 == mask.sha256, "it is still that file's")
    #expect(mask.prefix(1).pixels == [1, 0, 0, 1, 1, 0] && mask.prefix(7) == mask)
  }

  /// Of the first images of a set the first masks are taken.
  @Test func moreMasksThanImagesWantALimit() throws {
    let data = NPY.data(Self.bytes, shape: [3, 2, 3])
    #expect(try read(data, images.prefix(1), takesFirst: true).pixels == [1, 0, 0, 1, 1, 0])
    #expect(try read(data, takesFirst: true).count == 3)
    expectMalformed("as many masks as images, 1, found 3") { try read(data, images.prefix(1)) }
  }

  private static func floats(_ values: [Float]) -> Data { NPY.data(values, shape: [2, 3]) }
  private static func bytes(_ value: UInt8, _ shape: [Int]) -> Data {
    NPY.data([UInt8](repeating: value, count: shape.reduce(1, *)), shape: shape)
  }
  private static let shapes =
    "a mask of the shape [2, 3] for all images, or [3, 2, 3] for one each, found the shape "
  private static let integers: [Int] = [0, 1, 2, 0, 0, 0]

  static let refused: [(Data, String)] = [
    (floats([0, 1, 0.5, 0, 0, 0]), "a mask of 0 and 1, found 0.5 at position 2"),
    (floats([0, 1, 0, .nan, 0, 0]), "a mask of 0 and 1, found nan at position 3"),
    (floats([0, 1, 0, 0, -1, 0]), "a mask of 0 and 1, found -1 at position 4"),
    (bytes(255, [2, 3]), "a mask of 0 and 1, found 255 at position 0"),
    (NPY.data(integers, shape: [2, 3]), "a mask of 0 and 1, found 2 at position 2"),
    (floats([0, 0, -0.0, 0, 0, 0]), "a mask with a 1, where a pixel may change, found zeros alone"),
    (bytes(1, [3, 2]), "\(shapes)[3, 2]"), (bytes(1, [6]), "\(shapes)[6]"),
    (bytes(1, [3, 2, 3, 1]), "\(shapes)[3, 2, 3, 1]"),
    (bytes(1, [2, 2, 3]), "as many masks as images, 3, found 2"),
    (bytes(1, [0, 2, 3]), "as many masks as images, 3, found 0"),
    (retyped(bytes(65, [2, 3]), "|u1", "|S1"), "a mask of 0 and 1, found text"),
    (Data("no array".utf8), "a NumPy array"), (Data(), "a NumPy array"),
  ]

  @Test(arguments: refused)
  func everythingElseIsRefused(data: Data, sentence: String) {
    expectMalformed(sentence) { try read(data) }
  }

  @Test func aMissingFileIsNamed() {
    #expect(throws: FileError.missing(path: "nowhere/m.npy", remedy: "check the path")) {
      try PixelMask(contentsOf: "nowhere/m.npy", for: images)
    }
  }

  private func expectMalformed(
    _ sentence: String, _ location: SourceLocation = #_sourceLocation, _ body: () throws -> PixelMask
  ) {
    let error = #expect(throws: FileError.self, sourceLocation: location) { _ = try body() }
    let found = error?.description ?? ""
    #expect(found.hasPrefix("masks/own.npy: expected \(sentence)"), "\(found)", sourceLocation: location)
    #expect(error?.exitCode == 65, sourceLocation: location)
  }
}
