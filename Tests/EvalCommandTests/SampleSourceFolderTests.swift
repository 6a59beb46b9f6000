import Datasets
import Experiments
import Files
import Foundation
import Pictures
import TestSupport
import Testing

/// Folders of PNG or JPEG pictures as samples.
@Suite struct SampleSourceFolderTests {
  /// What Pillow wrote and read (Tests/Fixtures/make_array_fixtures.py).
  private struct Picture: Decodable {
    let mode: String
    let file: Data
    let size: [Int]
    let pixels: Data
    let resized: Data
  }

  private var source: SampleSource {
    var source = SampleSource(labelNames: ["T-shirt/top", "Trouser", "Ankle boot"])
    source.size = 2
    return source
  }

  /// A picture of one grey.
  private func write(_ grey: UInt8, size: Int = 2, to path: String) throws {
    let pixels = [UInt8](repeating: grey, count: size * size)
    try AtomicFile.write(PNG.encode(Bitmap(width: size, height: size, channels: 1, pixels: pixels)), to: path)
  }

  /// The grey of each image.
  private func greys(_ samples: SampleImages) -> [UInt8] {
    stride(from: 0, to: samples.pixels.count, by: 4).map { samples.pixels[$0] }
  }

  // MARK: - Pictures

  @Test func picturesAreTakenByName() throws {
    try withTemporaryFolder { folder in
      for (name, grey) in [("b.png", 2), ("c.PNG", 3), ("a.png", 1), (".hidden.png", 4)] as [(String, UInt8)]
      {
        try write(grey, to: "\(folder)/\(name)")
      }
      let samples = try source.load(folder)
      #expect(greys(samples) == [1, 2, 3] && samples.labels == nil)
      #expect(samples.source == folder && samples.notes.isEmpty)
      #expect(samples.range == PixelValues(expected: 0...255, found: 1...3, clampedCount: 0, count: 12))
    }
  }

  @Test func filesOfOtherKindsAreCounted() throws {
    try withTemporaryFolder { folder in
      try write(1, to: "\(folder)/a.png")
      try AtomicFile.write("text", to: "\(folder)/losses.csv")
      try AtomicFile.write("text", to: "\(folder)/a.gif")
      let samples = try source.load(folder)
      #expect(samples.count == 1 && samples.notes == ["files of other kinds not looked at: 2"])
    }
  }

  @Test func everyModeIsReadAsPillowReadsIt() throws {
    let url = try #require(
      Bundle.module.url(forResource: "pictures", withExtension: "json", subdirectory: "Fixtures"))
    let pictures = try JSONDecoder().decode([Picture].self, from: Data(contentsOf: url))
    #expect(pictures.map(\.mode) == ["RGB", "L", "RGBA", "P", "1", "I;16"])
    for picture in pictures {
      try withTemporaryFolder { folder in
        try AtomicFile.write(picture.file, to: "\(folder)/a.png")
        var source = source
        source.size = 5
        let samples = try source.load(folder)
        #expect(samples.pixels == [UInt8](picture.resized), "\(picture.mode)")
        let isColor = ["RGB", "RGBA", "P"].contains(picture.mode)
        #expect(
          samples.notes == (isColor ? ["colour converted to grey (ITU-R 601)"] : [])
            + ["resized from 6×8 to 5×5 (bilinear, antialiased, as Pillow's)"])
      }
    }
  }

  /// The value of the alphas that a PNG may have, over black and nothing else.
  @Test func transparencyAndGammaAreNamed() throws {
    let url = try #require(
      Bundle.module.url(forResource: "samples", withExtension: "json", subdirectory: "Fixtures"))
    let samples = try JSONDecoder().decode([PNGPictureTests.Sample].self, from: Data(contentsOf: url))
    func notes(_ name: String) throws -> [String] {
      let sample = try #require(samples.first { $0.name == name })
      return try withTemporaryFolder { folder in
        try AtomicFile.write(sample.file, to: "\(folder)/a.png")
        return try source.load(folder).notes
      }
    }
    #expect(try notes("grey and alpha").contains("transparency laid over black in 1 pictures"))
    #expect(try notes("palette, degrees").contains("transparency laid over black in 1 pictures"))
    #expect(try !notes("grey, none transparent").contains { $0.contains("transparency") })
    #expect(
      try notes("gamma 100000").contains(
        "the gamma of 1 pictures (gAMA 1) is not applied: pixels are the files' bytes"))
    #expect(try !notes("gamma 45455").contains { $0.contains("gamma") })
    #expect(try !notes("sRGB before gamma").contains { $0.contains("gamma") })
  }

  @Test func aFolderOfGridsIsCutWithItsLabels() throws {
    try withTemporaryFolder { folder in
      var source = source
      for (name, grey) in [("Trouser", 1), ("Ankle boot", 2)] as [(String, UInt8)] {
        // 3×2 images of 2×2.
        let pixels = (0..<24).map { place -> UInt8 in
          let (row, column) = (place / 8, place % 4 / 2)
          return 10 * grey + UInt8(row * 2 + column)
        }
        try AtomicFile.write(
          PNG.encode(Bitmap(width: 4, height: 6, channels: 1, pixels: pixels)), to: "\(folder)/\(name)/a.png")
      }
      #expect(try source.load(folder).notes.last?.contains("grid 3x2") == true)
      source.grid = SampleGrid(rows: 3, columns: 2)
      let samples = try source.load(folder)
      #expect(greys(samples) == [20, 21, 22, 23, 24, 25, 10, 11, 12, 13, 14, 15])
      #expect(samples.labels == [2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1])
      source.grid = nil
      source.crops = true
      let middle = try source.load(folder)
      #expect(middle.count == 2 && middle.notes == ["the middle 2×2 of 6×4"])
    }
  }

  @Test func mixedSizesAreRefused() throws {
    try withTemporaryFolder { folder in
      for name in ["a", "b"] { try write(1, size: 3, to: "\(folder)/\(name).png") }
      try write(1, size: 4, to: "\(folder)/c.png")
      expectFailure(65, "\(folder)/c.png: expected 3×3 pixels, as \(folder)/a.png has, found 4×4") {
        try source.load(folder)
      }
    }
  }

  @Test func aPictureThatLiesIsRefused() throws {
    try withTemporaryFolder { folder in
      try write(1, to: "\(folder)/a.png")
      var data = try AtomicFile.read("\(folder)/a.png")
      data.replaceSubrange(16..<24, with: [0, 0, 255, 255, 0, 0, 255, 255])
      try AtomicFile.write(data, to: "\(folder)/b.png")
      let error = #expect(throws: FileError.self) { try source.load(folder) }
      #expect(error?.exitCode == 65 && error?.path == "\(folder)/b.png")
      try AtomicFile.write("text", to: "\(folder)/b.png")
      expectFailure(65, "\(folder)/b.png: expected a PNG or JPEG picture, found plain text") {
        try source.load(folder)
      }
    }
  }

  // MARK: - Labels

  @Test func foldersAreLabelsByNameOrNumber() throws {
    try withTemporaryFolder { folder in
      try write(1, to: "\(folder)/TROUSER/a.png")
      try write(2, to: "\(folder)/TROUSER/b.png")
      try write(3, to: "\(folder)/ankle_boot/a.png")
      try write(4, to: "\(folder)/t-shirt top/a.png")
      try write(5, to: "\(folder)/00/a.png")
      try AtomicFile.write("text", to: "\(folder)/README.txt")
      try AtomicFile.write("text", to: "\(folder)/00/more.txt")
      let samples = try source.load(folder)
      #expect(greys(samples) == [5, 1, 2, 3, 4])
      #expect(samples.labels == [0, 1, 1, 2, 0])
      #expect(samples.notes == ["files of other kinds not looked at: 2"])
    }
  }

  @Test(arguments: ["3", "-1", "Bag", "Ankleboot"])
  func aFolderThatIsNoLabelIsRefused(name: String) throws {
    try withTemporaryFolder { folder in
      try write(1, to: "\(folder)/\(name)/a.png")
      expectFailure(
        65, "\(folder): expected folders called T-shirt/top, Trouser, Ankle boot or 0 to 2, found \(name)"
      ) { try source.load(folder) }
    }
  }

  @Test func aFileOfLabelsGoesWithThePictures() throws {
    try withTemporaryFolder { folder in
      for name in ["01", "02", "10"] { try write(1, to: "\(folder)/images/\(name).png") }
      let labels = "\(folder)/l.npy"
      try AtomicFile.write(NPY.data([2, 0, 1], shape: [3]), to: labels)
      #expect(try source.load("\(folder)/images", labels: labels).labels == [2, 0, 1])
      try write(1, to: "\(folder)/images/11.png")
      expectFailure(65, "\(labels): expected 4 labels, one for each image, found 3") {
        try source.load("\(folder)/images", labels: labels)
      }
    }
  }

  /// The labels would go to the wrong pictures, and nobody would notice.
  @Test func labelsForNumbersOutOfOrderAreRefused() throws {
    try withTemporaryFolder { folder in
      for name in ["1", "2", "10"] { try write(1, to: "\(folder)/images/\(name).png") }
      #expect(try source.load("\(folder)/images").count == 3)
      let labels = "\(folder)/l.npy"
      try AtomicFile.write(NPY.data([2, 0, 1], shape: [3]), to: labels)
      expectFailure(
        65,
        "\(folder)/images: expected names in the order of their numbers, such as 02 and 10, for the labels in "
          + "\(labels), found 10.png before 2.png"
      ) { try source.load("\(folder)/images", labels: labels) }
    }
  }

  @Test func labelsBesideLabelledFoldersAreRefused() throws {
    try withTemporaryFolder { folder in
      try write(1, to: "\(folder)/images/0/a.png")
      let labels = "\(folder)/l.npy"
      try AtomicFile.write(NPY.data([0], shape: [1]), to: labels)
      expectFailure(
        65,
        "\(folder)/images: expected pictures without labels, for those in \(labels), found a folder for each label"
      ) { try source.load("\(folder)/images", labels: labels) }
    }
  }

  // MARK: - Neither nor, and both

  @Test func aFolderWithoutPicturesIsRefused() throws {
    try withTemporaryFolder { folder in
      let expected = "\(folder): expected PNG or JPEG pictures, or a folder of them for each label, found"
      expectFailure(65, "\(expected) none") { try source.load(folder) }
      try AtomicFile.createFolder("\(folder)/Trouser")
      expectFailure(65, "\(expected) none") { try source.load(folder) }
      try AtomicFile.write("text", to: "\(folder)/Trouser/a.gif")
      try AtomicFile.write("text", to: "\(folder)/b.gif")
      expectFailure(65, "\(expected) none, but other files: 2") { try source.load(folder) }
    }
  }

  @Test func picturesBesideFoldersAreRefused() throws {
    try withTemporaryFolder { folder in
      try write(1, to: "\(folder)/a.png")
      try write(1, to: "\(folder)/Trouser/a.png")
      expectFailure(
        65,
        "\(folder): expected either PNG or JPEG pictures or a folder of them for each label, found both "
          + "(\(folder)/a.png and \(folder)/Trouser)"
      ) { try source.load(folder) }
    }
  }
}
