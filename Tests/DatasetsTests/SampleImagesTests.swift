import Datasets
import Files
import Foundation
import Testing

/// Arrays of every form that generators leave become the same bytes, or are refused in a sentence.
@Suite struct SampleImagesTests {
  /// The bytes of an array; `content` is little-endian.
  private func array(
    _ element: NPYArray.Element, _ shape: [Int], _ content: Data, path: String = "a.npy"
  ) throws -> NPYArray {
    let sizes = shape.map { "\($0)," }.joined()
    let header = "{'descr': '<\(element.rawValue)', 'fortran_order': False, 'shape': (\(sizes)), }"
    let start = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
    return try NPYArray(Data(start) + content, path: path)
  }

  private func bytes(_ shape: [Int], _ values: [UInt8]? = nil) throws -> NPYArray {
    let count = shape.reduce(1, *)
    return try array(.uint8, shape, Data(values ?? (0..<count).map { UInt8($0 % 251) }))
  }

  private func reals(_ shape: [Int], _ values: [Float]) throws -> NPYArray {
    try NPYArray(NPY.data(values, shape: shape), path: "a.npy")
  }

  private func labels(_ values: [Int], shape: [Int]? = nil) throws -> NPYArray {
    try NPYArray(NPY.data(values, shape: shape ?? [values.count]), path: "l.npy")
  }

  private func expectMalformed(
    _ sentence: String, _ location: SourceLocation = #_sourceLocation, _ body: () throws -> Void
  ) {
    let error = #expect(throws: FileError.self, sourceLocation: location, performing: body)
    #expect(error?.description == sentence, sourceLocation: location)
  }

  // MARK: - Shapes

  @Test(arguments: [[2, 3, 4], [2, 3, 4, 1], [2, 1, 3, 4]])
  func bytesAreTakenAsTheyAre(shape: [Int]) throws {
    let images = try SampleImages(bytes(shape), source: "mine")
    #expect(images.source == "mine" && images.labels == nil && images.notes.isEmpty)
    #expect(images.shape == [2, 3, 4])
    #expect(images.pixels == (0..<24).map { UInt8($0) })
    #expect(images.range == PixelValues(expected: 0...255, found: 0...23, clampedCount: 0, count: 24))
  }

  @Test func rowsOfASquareNumberAreImages() throws {
    let images = try SampleImages(bytes([3, 784]))
    #expect(images.shape == [3, 28, 28])
    #expect(images.source == "a.npy")
  }

  @Test func colourBecomesGrey() throws {
    let images = try SampleImages(bytes([2, 2, 1, 3], [255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 9, 9]))
    #expect(images.shape == [2, 2, 1])
    #expect(images.pixels == [76, 150, 29, 9])
    #expect(images.notes == ["colour converted to grey (ITU-R 601)"])
    let floating = try SampleImages(reals([1, 2, 1, 3], [1, 0, 0, 0, 1, 0]))
    #expect(floating.pixels == [76, 150])
  }

  @Test func coloursOneAfterAnotherAreTheSame() throws {
    let images = try SampleImages(bytes([2, 3, 1, 2], [255, 0, 0, 255, 0, 0, 0, 9, 0, 9, 255, 9]))
    #expect(images.shape == [2, 1, 2])
    #expect(images.pixels == [76, 150, 29, 9])
    #expect(images.notes == ["colour converted to grey (ITU-R 601)"])
  }

  /// One row or column in four dimensions: only where both ways to read it agree.
  @Test func oneByOneIsOneByOne() throws {
    #expect(try SampleImages(bytes([2, 1, 1, 1])).pixels == [0, 1])
  }

  @Test(arguments: [
    [], [5], [2, 783], [2, 2, 2, 2, 1], [2, 4, 4, 2], [2, 4, 4, 4], [2, 2, 4, 4],
  ])
  func otherShapesAreRefused(shape: [Int]) {
    expectMalformed(
      "a.npy: expected images [N, H, W], [N, H, W, 1], [N, 1, H, W], [N, H, W, 3], [N, 3, H, W] or [N, square number], "
        + "found \(shape)"
    ) { _ = try SampleImages(bytes(shape)) }
  }

  @Test(arguments: [[2, 1, 5, 1], [2, 1, 5, 3], [2, 3, 5, 3]])
  func shapesWithTwoMeaningsAreRefused(shape: [Int]) {
    expectMalformed(
      "a.npy: expected images [N, H, W], [N, H, W, 1], [N, 1, H, W], [N, H, W, 3], [N, 3, H, W] or [N, square number], "
        + "found \(shape), which can be read in two ways"
    ) { _ = try SampleImages(bytes(shape)) }
  }

  @Test(arguments: [[0, 28, 28], [0], [3, 0, 28], [0, 784], [0, 1 << 40, 3]])
  func noImagesAreRefused(shape: [Int]) {
    expectMalformed("a.npy: expected at least one image, found the shape \(shape)") {
      _ = try SampleImages(bytes(shape, []))
    }
  }

  // MARK: - Floating-point pixels

  @Test func realsAreRoundedToTheNearestByte() throws {
    let steps = (0...255).map { Float($0) / 255 }
    let images = try SampleImages(reals([1, 16, 16], steps))
    #expect(images.pixels == (0...255).map { UInt8($0) })
    #expect(images.range.clampedCount == 0 && images.notes.isEmpty)
    #expect(
      try SampleImages(reals([1, 1, 4], [0.4 / 255, 0.6 / 255, 254.4 / 255, 254.6 / 255])).pixels == [
        0, 1, 254, 255,
      ])
  }

  @Test func anotherRangeIsMappedToBytes() throws {
    let images = try SampleImages(reals([1, 1, 5], [-1, -0.5, 0, 0.5, 1]), pixelRange: -1...1)
    #expect(images.pixels == [0, 64, 128, 191, 255])
    #expect(images.range == PixelValues(expected: -1...1, found: -1...1, clampedCount: 0, count: 5))
  }

  @Test func whatLiesOutsideIsClampedAndCounted() throws {
    let images = try SampleImages(reals([2, 1, 4], [-0.25, 0, 0.5, 1, 1.5, 255, 0, 1]))
    #expect(images.pixels == [0, 0, 128, 255, 255, 255, 0, 255])
    #expect(images.range == PixelValues(expected: 0...1, found: -0.25...255, clampedCount: 3, count: 8))
    #expect(images.range.clampedShare == 0.375)
    #expect(images.notes == ["3 of 8 values clamped to 0...1 (found -0.25...255)"])
  }

  /// What becomes the same byte as the end of the range lies outside of it by rounding only.
  @Test func whatChangesNoByteIsNotClamped() throws {
    let rounded: [Float] = [-1e-7, 1 + 2e-7, -0.0, -0.0019, 1.0019, 1]
    let images = try SampleImages(reals([1, 2, 3], rounded))
    #expect(images.pixels == [0, 255, 0, 0, 255, 255])
    #expect(images.range.clampedCount == 0 && images.notes.isEmpty)
    #expect(images.range.found == Double(rounded[3])...Double(rounded[4]))
    let beyond = try SampleImages(reals([1, 2, 3], [-0.002, 1.002, 0, 1, -1e30, 1e30]))
    #expect(beyond.pixels == [0, 255, 0, 255, 0, 255] && beyond.range.clampedCount == 4)
    // The same with other ends.
    let wide = try SampleImages(reals([1, 2, 2], [-1e-5, 255.4, 255.6, -0.6]), pixelRange: 0...255)
    #expect(wide.pixels == [0, 255, 255, 0] && wide.range.clampedCount == 2)
  }

  @Test func aFoundValueBeyondTheRangeIsShownAsThat() {
    func note(_ found: ClosedRange<Double>) -> String? {
      PixelValues(expected: 0...1, found: found, clampedCount: 1, count: 2).note
    }
    #expect(note(0...1.00000012) == "1 of 2 values clamped to 0...1 (found 0...1.0000001)")
    #expect(note(-1e-7...1) == "1 of 2 values clamped to 0...1 (found -1e-07...1)")
    #expect(note(0.123456...255) == "1 of 2 values clamped to 0...1 (found 0.1235...255)")
    #expect(note(0...0.99999999) == "1 of 2 values clamped to 0...1 (found 0...0.99999999)")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func whatIsNoNumberIsNamed(value: Double) throws {
    let values = [0, 1, 2, 3, 4, value, 6, value]
    let content = values.withUnsafeBytes { Data($0) }
    expectMalformed("a.npy: expected pixels that are numbers, found \(value) in image 1, at position 5") {
      _ = try SampleImages(array(.float64, [2, 2, 2], content))
    }
  }

  @Test(arguments: NPYArray.Element.allCases)
  func bytesAndRealsArePixels(element: NPYArray.Element) throws {
    let content = Data(count: 4 * element.size)
    if element == .uint8 || element.isFloatingPoint {
      #expect(try SampleImages(array(element, [1, 2, 2], content)).pixels == [0, 0, 0, 0])
    } else {
      expectMalformed("a.npy: expected images of uint8 or floating-point numbers, found \(element)") {
        _ = try SampleImages(array(element, [1, 2, 2], content))
      }
    }
  }

  // MARK: - Labels

  @Test(arguments: [[3], [3, 1]])
  func labelsGoWithTheImages(shape: [Int]) throws {
    let images = try SampleImages(bytes([3, 2, 2]), labels: labels([0, 9, 4], shape: shape))
    #expect(images.labels == [0, 9, 4])
    let small = try array(.uint8, shape, Data([0, 9, 4]))
    #expect(try SampleImages(bytes([3, 2, 2]), labels: small).labels == [0, 9, 4])
  }

  @Test func labelsThatDoNotFitAreRefused() throws {
    func expect(_ sentence: String, _ labels: @autoclosure () throws -> NPYArray, count: Int = 10) {
      expectMalformed("l.npy: expected \(sentence)") {
        _ = try SampleImages(bytes([2, 2, 2]), labels: labels(), labelCount: count)
      }
    }
    let one = [Int](repeating: 1, count: 20)
    expect("2 labels, one for each image, found 3", try labels([1, 2, 3]))
    expect("2 labels, one for each image, found 1", try labels([1]))
    expect("2 labels, one for each image, found 0", try labels([]))
    expect("labels from 0 to 9, found 10 at position 1", try labels([1, 10]))
    expect("labels from 0 to 9, found -1 at position 0", try labels([-1, 10]))
    expect("labels from 0 to 2, found 3 at position 1", try labels([2, 3]), count: 3)
    expect(
      "labels of the shape [N] or [N, 1], or one-hot [N, 10], found [1, 2]",
      try labels([1, 2], shape: [1, 2]))
    expect("labels of the shape [N] or [N, 1], or one-hot [N, 10], found []", try labels([1], shape: []))
    expect(
      "one-hot labels, in each row a single 1 and else 0, found 10 ones in row 0",
      try labels(one, shape: [2, 10]))
    expect("integers, found float32", try array(.float32, [2], Data(count: 8), path: "l.npy"))
  }

  // MARK: - Sizes

  @Test func resizingLeavesANoteAndEverythingElse() throws {
    let images = try SampleImages(bytes([2, 32, 32]), labels: labels([1, 2]))
    let resized = images.resized(height: 28, width: 28)
    #expect(resized.shape == [2, 28, 28])
    #expect(resized.pixels == ImageResizing(from: (32, 32), to: (28, 28))(images.pixels))
    #expect(resized.notes == ["resized from 32×32 to 28×28 (bilinear, antialiased, as Pillow's)"])
    #expect(resized.labels == [1, 2] && resized.range == images.range && resized.source == images.source)
    #expect(images.resized(height: 32, width: 32) == images)
  }
}
