import Datasets
import Experiments
import Files
import Foundation
import TestSupport
import Testing

/// Arrays and archives of samples, by path.
@Suite struct SampleSourceTests {
  private let source = SampleSource(labelNames: DatasetCatalog.fashionMNIST.labelNames)
  private let images = NPY.data([Float](repeating: 1, count: 2 * 784), shape: [2, 28, 28, 1])
  private let labels = NPY.data([3, 4], shape: [2])

  @Test(arguments: ["a.npy", "A.NPY"])
  func anArrayWithOrWithoutLabels(name: String) throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(images, to: "\(folder)/\(name)")
      let samples = try source.load("\(folder)/\(name)")
      #expect(samples.source == "\(folder)/\(name)" && samples.count == 2 && samples.labels == nil)
      #expect(samples.pixels == [UInt8](repeating: 255, count: 2 * 784))
      try AtomicFile.write(labels, to: "\(folder)/l.npy")
      #expect(try source.load("\(folder)/\(name)", labels: "\(folder)/l.npy").labels == [3, 4])
    }
  }

  @Test func anArchiveBringsItsLabels() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npz"
      try NPZ.write(["images": images, "labels": labels, "latent": labels], to: path)
      #expect(try source.load(path).labels == [3, 4])
      #expect(try source.load(path).source == path)
      // Labels that are asked for by name go before those in the archive.
      try NPZ.write(["labels": NPY.data([5, 6], shape: [2])], to: "\(folder)/l.npz")
      #expect(try source.load(path, labels: "\(folder)/l.npz").labels == [5, 6])
      try NPZ.write(["images": images], to: path)
      #expect(try source.load(path).labels == nil)
    }
  }

  @Test func anUnnamedArrayIsTheImages() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npz"
      try NPZ.write(["arr_0": images], to: path)
      #expect(try source.load(path).count == 2)
      try NPZ.write(["labels": labels, "arr_0": images], to: path)
      #expect(try source.load(path).labels == [3, 4])
      try NPZ.write(["arr_0": images, "arr_1": labels], to: path)
      expectFailure(65, "\(path): expected an array called images, found arr_0, arr_1") {
        try source.load(path)
      }
    }
  }

  /// What a file is, its bytes tell: a pipe has no ending, and an archive of text labels is read from where
  /// it is open.
  @Test func arraysComeThroughPipesAndUnderOtherNames() throws {
    try withTemporaryFolder { folder in
      let text = try #require(
        Data(base64Encoded: Self.textLabels, options: .ignoreUnknownCharacters), "the fixture is not base64")
      try NPZ.write(["images": images, "labels": text], to: "\(folder)/a.npz")
      let archive = try AtomicFile.read("\(folder)/a.npz")
      for (content, labels) in [(images, nil), (archive, [9, 0])] as [(Data, [Int]?)] {
        try withPipe(writing: { try? AtomicFile.write(content, to: $0) }) { path in
          let samples = try source.load(path)
          #expect(samples.count == 2 && samples.labels == labels)
        }
        try AtomicFile.write(content, to: "\(folder)/b.npy")
        #expect(try source.load("\(folder)/b.npy").labels == labels)
      }
      let labels = labels
      try withPipe(writing: { try? AtomicFile.write(labels, to: $0) }) { path in
        let samples = try source.load("\(folder)/a.npz", labels: path)
        #expect(samples.labels == [3, 4])
      }
    }
  }

  @Test func otherSizesAreResized() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npy"
      try AtomicFile.write(NPY.data([Float](repeating: 0, count: 1024), shape: [1, 32, 32]), to: path)
      let samples = try source.load(path)
      #expect(samples.shape == [1, 28, 28])
      #expect(samples.notes == ["resized from 32×32 to 28×28 (bilinear, antialiased, as Pillow's)"])
    }
  }

  /// Two pictures of 2×3 images, each of one grey.
  private func grids(padding: Int, empty: Int = 0) -> (pixels: [Float], shape: [Int]) {
    let (height, width) = (2 * (28 + padding) + padding, 3 * (28 + padding) + padding)
    let pixels = (0..<2).flatMap { picture in
      (0..<height).flatMap { y in
        (0..<width).map { x -> Float in
          let (row, column) = ((y - padding) / (28 + padding), (x - padding) / (28 + padding))
          let isBetween =
            y < padding || x < padding || (y - padding) % (28 + padding) >= 28
            || (x - padding) % (28 + padding) >= 28
          let index = row * 3 + column
          return isBetween || index >= 6 - empty ? 0 : Float(10 * picture + index + 1) / 255
        }
      }
    }
    return (pixels, [2, height, width])
  }

  @Test(arguments: [0, 1, 2, 5]) func aGridIsCut(padding: Int) throws {
    try withTemporaryFolder { folder in
      let (path, labels) = ("\(folder)/a.npy", "\(folder)/l.npy")
      let (pixels, shape) = grids(padding: padding)
      try AtomicFile.write(NPY.data(pixels, shape: shape), to: path)
      var source = source
      if padding <= 2 {
        #expect(try source.load(path).notes.last?.contains("a grid of 2×3 images: grid 2x3") == true)
      }
      source.grid = SampleGrid(rows: 2, columns: 3)
      try AtomicFile.write(NPY.data((0..<12).map { $0 % 10 }, shape: [12]), to: labels)
      let samples = try source.load(path, labels: labels)
      #expect(samples.shape == [12, 28, 28] && samples.labels == (0..<12).map { $0 % 10 })
      let greys = [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16] as [UInt8]
      #expect(samples.pixels == greys.flatMap { [UInt8](repeating: $0, count: 784) })
      let apart = padding == 0 ? "" : ", \(padding) pixels apart"
      #expect(samples.notes == ["cut into 2×3 images of 28×28\(apart)"])
    }
  }

  @Test func emptyPlacesOfAGridAreLeftOut() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npy"
      let (pixels, shape) = grids(padding: 2, empty: 2)
      try AtomicFile.write(NPY.data(pixels, shape: shape), to: path)
      var source = source
      source.grid = SampleGrid(rows: 2, columns: 3)
      let samples = try source.load(path)
      #expect(samples.count == 8)
      #expect(samples.notes == ["cut into 2×3 images of 28×28, 2 pixels apart; 4 empty places left out"])
      source.grid = SampleGrid(rows: 7, columns: 5)
      expectFailure(65, "\(path): expected pictures of 7×5 images of one size, found 62×92 pixels") {
        try source.load(path)
      }
    }
  }

  @Test func aFrameIsNamedAndCropped() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npy"
      let framed = (0..<2 * 1024).map { index -> Float in
        let (y, x) = (index / 32 % 32, index % 32)
        return (2..<30).contains(y) && (2..<30).contains(x) ? Float(y * 32 + x) / 2048 : 0
      }
      try AtomicFile.write(NPY.data(framed, shape: [2, 32, 32]), to: path)
      var source = source
      #expect(
        try source.load(path).notes == [
          "resized from 32×32 to 28×28 (bilinear, antialiased, as Pillow's)",
          "a black frame around 28×28 pixels: crops takes those instead of resizing",
        ])
      source.crops = true
      let samples = try source.load(path)
      #expect(samples.notes == ["the middle 28×28 of 32×32"])
      #expect(samples.pixels.first == UInt8((Float(66) / 2048 * 255).rounded()))
      #expect(samples.pixels.count == 2 * 784 && samples.pixels[..<784] == samples.pixels[784...].prefix(784))
      // One pixel in the frame, and it is none.
      var other = framed
      other[1024] = 1
      try AtomicFile.write(NPY.data(other, shape: [2, 32, 32]), to: path)
      source.crops = false
      #expect(try source.load(path).notes.count == 1)
      try AtomicFile.write(NPY.data([Float](repeating: 0, count: 20 * 20), shape: [1, 20, 20]), to: path)
      source.crops = true
      expectFailure(65, "\(path): expected images of 28×28 or more, to take the middle of, found 20×20") {
        try source.load(path)
      }
    }
  }

  @Test(
    arguments: [
      ([0, 255, 100, 3], 0.0...1.0, "0...255"), ([0, 254.5, 30, 2], 0...1, "0...255"),
      ([-1, 1, 0, 0.5], 0...1, "-1...1"),
      ([-0.99, 0.98, 0, 0.5], 0...1, "-1...1"), ([-2.1, 2.6, 0, 0.5], 0...1, "-2.1...2.6"),
      ([0, 1, 0.5, 0.2], 0...255, "0...1"), ([0, 1, 0.5, 0.2], 0...1, nil),
      ([-1e-7, 1, 0.5, 0.2], 0...1, nil),
      ([0, 0, 0, 0], 0...1, nil), ([-1, 1, 0, 0.5], -1...1, nil), ([0, 255, 100, 3], -1...1, "0...255"),
    ] as [([Float], ClosedRange<Double>, String?)])
  func theRangeThatIsMeantIsNamed(_ values: [Float], _ range: ClosedRange<Double>, _ named: String?) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npy"
      try AtomicFile.write(NPY.data(values, shape: [1, 2, 2]), to: path)
      var source = source
      (source.size, source.pixelRange) = (2, range)
      let notes = try source.load(path).notes
      let hint = notes.first { $0.contains("pixelRange") }
      #expect(
        named == nil ? hint == nil : hint?.contains("pixelRange \(named ?? "") ") == true, "\(notes)")
    }
  }

  @Test func thePixelRangeAndTheLabelNamesAreTheSources() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npy"
      try AtomicFile.write(NPY.data([-1, 0, 0.5, 1], shape: [1, 2, 2]), to: path)
      var source = SampleSource(labelNames: ["a", "b"])
      source.size = 2
      source.pixelRange = -1...1
      #expect(try source.load(path).pixels == [0, 128, 191, 255])
      try AtomicFile.write(NPY.data([2], shape: [1]), to: "\(folder)/l.npy")
      expectFailure(65, "\(folder)/l.npy: expected labels from 0 to 1, found 2 at position 0") {
        try source.load(path, labels: "\(folder)/l.npy")
      }
    }
  }

  @Test func whatIsNoSetOfSamplesIsRefused() throws {
    try withTemporaryFolder { folder in
      let known = "a .npy or .npz file or a folder of PNG or JPEG pictures"
      expectFailure(66, "\(folder)/a.npy: not found; pass \(known)") { try source.load("\(folder)/a.npy") }
      try AtomicFile.write("text", to: "\(folder)/a.gif")
      expectFailure(65, "\(folder)/a.gif: expected \(known), found a .gif file") {
        try source.load("\(folder)/a.gif")
      }
      try AtomicFile.write("text", to: "\(folder)/samples")
      expectFailure(
        65, "\(folder)/samples: expected \(known), found a file whose name does not tell its kind"
      ) {
        try source.load("\(folder)/samples")
      }
      try AtomicFile.write("text", to: "\(folder)/b.npz")
      expectFailure(
        65, "\(folder)/b.npz: expected a zip archive of arrays, found plain text"
      ) {
        try source.load("\(folder)/b.npz")
      }
      try AtomicFile.write(images, to: "\(folder)/c.npy")
      expectFailure(66, "\(folder)/l.npy: not found; check the path") {
        try source.load("\(folder)/c.npy", labels: "\(folder)/l.npy")
      }
      expectFailure(65, "\(folder)/a.gif: expected labels in a .npy or .npz file, found a .gif file") {
        try source.load("\(folder)/c.npy", labels: "\(folder)/a.gif")
      }
    }
  }

  /// numpy.array(["Ankle boot", "T-shirt/top"]) as numpy.save writes it.
  private static let textLabels = """
    k05VTVBZAQB2AHsnZGVzY3InOiAnPFUxMScsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCksIH0gICAgICAg \
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIApBAAAAbgAAAGsAAABsAAAAZQAAACAA \
    AABiAAAAbwAAAG8AAAB0AAAAAAAAAFQAAAAtAAAAcwAAAGgAAABpAAAAcgAAAHQAAAAvAAAAdAAAAG8AAABwAAAA
    """
}

/// The error of `body`: its exit code and its sentence.
func expectFailure(
  _ exitCode: Int32, _ sentence: String, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> SampleImages
) {
  let error = #expect(throws: FileError.self, sourceLocation: sourceLocation) { _ = try body() }
  #expect(error?.exitCode == exitCode, sourceLocation: sourceLocation)
  #expect(error?.description == sentence, sourceLocation: sourceLocation)
}
