import Datasets
import Files
import Foundation
import TestSupport
import Testing

struct DatasetTests {
  @Test func loadsBothSplits() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(to: folder)
      for (split, count) in [(Split.train, 6), (.test, 4)] {
        let images = try TinySet.dataset.load(split, from: folder)
        #expect(images.name == "tiny-set")
        #expect(images.split == split)
        #expect(images.shape == [count, 2, 3, 1])
        #expect(images.pixels == TinySet.pixels(count))
        #expect(images.labels == TinySet.labels(count))
        #expect(images.labelNames == ["zero", "one", "two"])
        #expect(images.sha256 == TinySet.dataset.sha256(of: split))
      }
    }
  }

  @Test func plainFilesAreTheSameSet() throws {
    try withTemporaryFolder { folder in
      for file in DatasetFile.allCases {
        try AtomicFile.write(Data(TinySet.content(of: file)), to: "\(folder)/\(file.rawValue)")
      }
      let images = try TinySet.dataset.load(.test, from: folder)
      #expect(images.sha256 == TinySet.dataset.sha256(of: .test))
    }
  }

  @Test func setOfUnknownContentIsReadAndNotVerified() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(to: folder)
      let unknown = try Dataset(name: "mine").load(.train, from: folder)
      #expect(unknown.labelNames == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
      #expect(!unknown.isVerified)
      #expect(try !DatasetCatalog.fashionMNIST.load(.train, from: folder).isVerified)
    }
  }

  @Test(arguments: DatasetFile.allCases)
  func missingFileIsNamed(file: DatasetFile) throws {
    try withTemporaryFolder { folder in
      try TinySet.write(to: folder)
      let path = "\(folder)/\(file.compressedName)"
      try FileManager.default.removeItem(atPath: path)
      let split: Split = file == .trainImages || file == .trainLabels ? .train : .test
      let remedy =
        "install it with `apt-get install dataset-tiny`, or name the folder of its four IDX files"
      #expect(throws: FileError.missing(path: path, remedy: remedy)) {
        try TinySet.dataset.load(split, from: folder)
      }
    }
  }

  @Test func damagedFileIsNamed() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(to: folder)
      let path = "\(folder)/t10k-images-idx3-ubyte.gz"
      try AtomicFile.write(AtomicFile.read(path).dropLast(9), to: path)
      let error = failure { _ = try TinySet.dataset.load(.test, from: folder) }
      #expect(error?.path == path)
      #expect(error?.description.contains("cut off") == true)
    }
  }

  @Test func folderInPlaceOfAFile() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(to: folder)
      let path = "\(folder)/train-labels-idx1-ubyte.gz"
      try FileManager.default.removeItem(atPath: path)
      try AtomicFile.createFolder(path)
      #expect(throws: FileError.unreadable(path: path, reason: "it is a folder")) {
        try TinySet.dataset.load(.train, from: folder)
      }
    }
  }

  @Test func unequalCountsAreRefused() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(to: folder)
      let labels = "\(folder)/t10k-labels-idx1-ubyte.gz"
      try AtomicFile.write(gzip(idx([3], [0, 1, 2])), to: labels)
      let expected = "4 labels, one for each image of \(folder)/t10k-images-idx3-ubyte.gz"
      #expect(throws: FileError.malformed(path: labels, expected: expected, found: "3")) {
        try TinySet.dataset.load(.test, from: folder)
      }
    }
  }

  @Test func twoColoursAreRefused() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(to: folder)
      let images = "\(folder)/t10k-images-idx3-ubyte.gz"
      try AtomicFile.write(gzip(idx([4, 2, 2, 2], [UInt8](repeating: 7, count: 32))), to: images)
      let error = FileError.malformed(
        path: images, expected: "grey images or images of three colours", found: "2 channels")
      #expect(throws: error) { try TinySet.dataset.load(.test, from: folder) }
    }
  }

  @Test func labelWithoutANameIsRefused() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(to: folder)
      let labels = "\(folder)/t10k-labels-idx1-ubyte.gz"
      try AtomicFile.write(gzip(idx([4], [0, 1, 3, 2])), to: labels)
      let error = FileError.malformed(path: labels, expected: "labels from 0 to 2", found: "3 at position 2")
      #expect(throws: error) { try TinySet.dataset.load(.test, from: folder) }
    }
  }

  @Test(arguments: DatasetCatalog.all)
  func catalogueEntryIsComplete(dataset: Dataset) {
    #expect(DatasetCatalog.named(dataset.name) == dataset)
    #expect(dataset.labelNames.count == 10)
    #expect(Set(dataset.labelNames).count == 10)
    #expect(dataset.home == nil || dataset.digests.count == 4, "a download must be checked")
    #expect(dataset.digests.values.allSatisfy { $0.count == 64 })
  }

  @Test func unknownNameIsNotInTheCatalogue() {
    #expect(DatasetCatalog.named("fashion") == nil)
  }
}

struct LabeledImagesTests {
  private let images = LabeledImages(
    name: "n", split: .test, height: 1, width: 2, pixels: [1, 2, 3, 4, 5, 6], labels: [2, 0, 2],
    labelNames: ["a", "b", "c"], sha256: "digest")

  @Test func countsAndFindsLabels() {
    #expect(images.countPerLabel == [1, 0, 2])
    #expect(images.indices(ofLabel: 2) == [0, 2])
    #expect(images.indices(ofLabel: 1) == [])
  }

  @Test func imageIsItsOwnValues() {
    #expect(Array(images.image(at: 1)) == [3, 4])
  }

  @Test func prefixKeepsAllButTheRest() {
    let two = images.prefix(2)
    #expect(two.count == 2)
    #expect(two.pixels == [1, 2, 3, 4])
    #expect(two.labels == [2, 0])
    #expect(two.sha256 == "digest")
    #expect(two.labelNames == images.labelNames)
    #expect(images.prefix(3) == images)
    #expect(images.prefix(99) == images)
    #expect(images.prefix(0).pixels.isEmpty)
  }
}
