import Datasets
import Files
import Foundation
import Pictures
import TestSupport
import Testing

/// Folders of pictures as data sets: which images they hold, and what is refused, by name.
@Suite struct PictureFolderTests {
  /// One pixel's worth of a colour, 4×4 of it.
  private func write(_ grey: UInt8, to path: String) throws {
    try AtomicFile.createFolder((path as NSString).deletingLastPathComponent)
    let bitmap = Bitmap(width: 4, height: 4, channels: 1, pixels: Array(repeating: grey, count: 16))
    try AtomicFile.write(try PNG.encode(bitmap), to: path)
  }

  /// Ten pictures of each of two labels, all different.
  private func fill(_ folder: String) throws {
    for (label, first) in [("cat", 10), ("dog", 100)] {
      for index in 0..<10 { try write(UInt8(first + index), to: "\(folder)/set/\(label)/\(index).png") }
    }
  }

  private func load(
    _ split: Split, _ folder: String, seed: Int = 1, size: Int = 4,
    note: @escaping (String) -> Void = { _ in }
  ) throws -> LabeledImages {
    let path = "\(folder)/set"
    let files = try DatasetFiles(at: path, remedy: "none")
    let reading = PictureReading(
      PictureFitting(size: size, isGrey: true), splitSeed: seed, cacheFolder: "\(folder)/cache", note: note)
    return try files.dataset(assumed: DatasetCatalog.fashionMNIST).load(split, from: files, pictures: reading)
  }

  /// The first pixel of each image, by label.
  private func greys(_ images: LabeledImages) -> [String: Set<UInt8>] {
    var found: [String: Set<UInt8>] = [:]
    for index in 0..<images.count {
      found[images.labelNames[Int(images.labels[index])], default: []].insert(
        images.image(at: index).first ?? 0)
    }
    return found
  }

  @Test func aFifthOfEachLabelIsHeldOut() throws {
    try withTemporaryFolder { folder in
      try fill(folder)
      let (train, test) = (try load(.train, folder), try load(.test, folder))
      #expect(train.name == "set" && train.labelNames == ["cat", "dog"] && train.shape == [16, 4, 4, 1])
      #expect(train.countPerLabel == [8, 8] && test.countPerLabel == [2, 2])
      for (label, first) in [("cat", UInt8(10)), ("dog", 100)] {
        let (kept, heldOut) = (greys(train)[label] ?? [], greys(test)[label] ?? [])
        #expect(kept.isDisjoint(with: heldOut) && kept.union(heldOut) == Set(first..<first + 10))
      }
      #expect(try load(.test, folder) == test)
      #expect(try greys(load(.test, folder, seed: 2)) != greys(test))
    }
  }

  /// What comes later changes no side but at the border, and copies of a picture are on one.
  @Test func aPictureStaysOnItsSide() throws {
    try withTemporaryFolder { folder in
      try fill(folder)
      let before = try greys(load(.test, folder))
      for index in 0..<10 { try write(UInt8(10 + index), to: "\(folder)/set/cat/copies/\(index).png") }
      let (train, test) = (try greys(load(.train, folder)), try greys(load(.test, folder)))
      #expect(test == before && train["cat"]?.isDisjoint(with: test["cat"] ?? []) == true)
    }
  }

  @Test func splitsOfTheFolderAreKept() throws {
    try withTemporaryFolder { folder in
      for (path, grey) in [("train/a", 1), ("train/b", 2), ("val/a", 3), ("other/c", 4)] as [(String, UInt8)]
      {
        try write(grey, to: "\(folder)/set/\(path)/x.png")
      }
      var notes: [String] = []
      #expect(try greys(load(.train, folder) { notes.append($0) }) == ["a": [1], "b": [2]])
      #expect(try greys(load(.test, folder)) == ["a": [3]])
      #expect(notes == ["folders beside train and val not looked at: other"])
    }
  }

  @Test func whatIsCountedAndWhatIsNot() throws {
    try withTemporaryFolder { folder in
      try fill(folder)
      try write(1, to: "\(folder)/set/cat/.hidden.png")
      try write(1, to: "\(folder)/set/.hidden/x.png")
      try write(50, to: "\(folder)/set/cat/in/there/LOUD.PNG")
      try AtomicFile.write("text", to: "\(folder)/set/cat/notes.txt")
      try AtomicFile.createFolder("\(folder)/set/empty")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/set/dog/back", withDestinationPath: "\(folder)/set")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/set/dog/self", withDestinationPath: "self")
      // Whoever opened it would wait for ever.
      #expect(mkfifo("\(folder)/set/dog/pipe.png", 0o600) == 0)
      var notes: [String] = []
      let (train, test) = (try load(.train, folder) { notes.append($0) }, try load(.test, folder))
      #expect(train.labelNames == ["cat", "dog"])
      let cats = (greys(train)["cat"] ?? []).union(greys(test)["cat"] ?? [])
      #expect(cats == Set(10..<20).union([50]))
      #expect(notes.contains("folders without pictures left out: empty"))
      #expect(notes.contains { $0.hasPrefix("links that lead back not followed: dog/back/dog") }, "\(notes)")
      #expect(notes.contains { $0.hasPrefix("files that are no PNG or JPEG by their names not looked at: ") })
    }
  }

  @Test func aFewDamagedPicturesAreNamedAndLeftOut() throws {
    try withTemporaryFolder { folder in
      try fill(folder)
      for index in 0..<20 { try write(UInt8(30 + index), to: "\(folder)/set/cat/more\(index).png") }
      try AtomicFile.write(Data(), to: "\(folder)/set/dog/empty.png")
      var notes: [String] = []
      #expect(try load(.train, folder) { notes.append($0) }.count + load(.test, folder).count == 40)
      let expected = [
        "pictures that cannot be read left out: 1 of 41",
        "\(folder)/set/dog/empty.png: expected a PNG or JPEG picture, found an empty file",
      ]
      #expect(notes == expected)
      // From the cache, it is said as well.
      notes = []
      _ = try load(.train, folder) { notes.append($0) }
      #expect(notes == expected)
    }
  }

  @Test func manyDamagedPicturesAreAnError() throws {
    try withTemporaryFolder { folder in
      try fill(folder)
      for index in 0..<2 { try AtomicFile.write("text", to: "\(folder)/set/dog/bad\(index).jpg") }
      let error = #expect(throws: FileError.self) { try load(.train, folder) }
      #expect(
        "\(error.map(String.init(describing:)) ?? "")".hasPrefix(
          "\(folder)/set: expected pictures of which nearly all can be read, found 2 of 22 that cannot: "))
    }
  }

  @Test func imagesAreKeptAndMadeAnewWhereAnythingChanged() throws {
    try withTemporaryFolder { folder in
      try fill(folder)
      func kept() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(folder)/cache").sorted()
      }
      let images = try load(.train, folder)
      let first = try kept()
      #expect(first.count == 1)
      #expect(try load(.train, folder) == images)
      #expect(try kept() == first)
      _ = try load(.train, folder, size: 5)
      #expect(try kept().count == 2)
      try write(200, to: "\(folder)/set/cat/0.png")
      let (train, test) = (try load(.train, folder), try load(.test, folder))
      #expect(greys(train)["cat"]?.contains(200) == true || greys(test)["cat"]?.contains(200) == true)
      #expect(try kept().count == 3)
      // A damaged file is no reason to fail, nor to believe it.
      for name in try kept() { try AtomicFile.write("text", to: "\(folder)/cache/\(name)") }
      var notes: [String] = []
      #expect(try load(.train, folder) { notes.append($0) } == train)
      #expect(notes.count == 1 && notes[0].hasSuffix("it is damaged, or of another set; it is made anew"))
      notes = []
      #expect(try load(.train, folder) { notes.append($0) } == train)
      #expect(notes.isEmpty)
    }
  }

  @Test func whatIsNoSetOfPicturesIsRefused() throws {
    try withTemporaryFolder { folder in
      func expectFailure(
        _ expected: String, found: String, _ sourceLocation: SourceLocation = #_sourceLocation
      ) {
        #expect(
          throws: FileError.malformed(path: "\(folder)/set", expected: expected, found: found),
          sourceLocation: sourceLocation
        ) { try load(.train, folder) }
      }
      try write(1, to: "\(folder)/set/loose.png")
      expectFailure("a folder of pictures for each label", found: "pictures without a label's folder")
      for index in 0...256 { try write(UInt8(index % 256), to: "\(folder)/set/label\(index)/x.png") }
      expectFailure("at most 256 folders, one for each label", found: "257")
    }
    try withTemporaryFolder { folder in
      try write(1, to: "\(folder)/set/e\u{301}/x.png")
      try write(2, to: "\(folder)/set/\u{e9}/x.png")
      #expect(
        throws: FileError.malformed(
          path: "\(folder)/set", expected: "folders of different names", found: "two called \u{e9}")
      ) { try load(.train, folder) }
    }
    try withTemporaryFolder { folder in
      try write(1, to: "\(folder)/set/a\nb/x.png")
      #expect(throws: FileError.self) { try load(.train, folder) }
    }
  }

  /// Labels that differ only by case are two, and any alphabet will do.
  @Test func namesAreAsTheyAre() throws {
    try withTemporaryFolder { folder in
      for (index, name) in ["Cat", "cat", "кот", "猫"].enumerated() {
        try write(UInt8(index), to: "\(folder)/set/\(name)/x.png")
      }
      #expect(try load(.train, folder).labelNames == ["Cat", "cat", "кот", "猫"])
      // One picture of a label is not divided.
      #expect(
        throws: FileError.malformed(
          path: "\(folder)/set", expected: "pictures of the test split: two or more of a label",
          found: "4 pictures of 4 labels")
      ) { try load(.test, folder) }
    }
  }

  @Test func someLabelsAreChosen() {
    let images = LabeledImages(
      name: "x", split: .train, height: 1, width: 1, pixels: [1, 2, 3, 4], labels: [0, 2, 1, 2],
      labelNames: ["a", "b", "c"], sha256: "0")
    let chosen = images.of(labels: [1, 2])
    #expect(chosen.pixels == [2, 3, 4] && chosen.labels == [1, 0, 1] && chosen.labelNames == ["b", "c"])
    #expect(chosen.sha256 != images.sha256 && chosen.sha256 != images.of(labels: [0, 2]).sha256)
  }
}
