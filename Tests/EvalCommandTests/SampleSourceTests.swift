import Datasets
import EvalCommand
import Figures
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

  @Test func otherSizesAreResized() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npy"
      try AtomicFile.write(NPY.data([Float](repeating: 0, count: 1024), shape: [1, 32, 32]), to: path)
      let samples = try source.load(path)
      #expect(samples.shape == [1, 28, 28])
      #expect(samples.notes == ["resized from 32×32 to 28×28 (bilinear, antialiased, as Pillow's)"])
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
      let known = "a .npy or .npz file or a folder of PNG pictures"
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
