import CZip
import Files
import Foundation
import TestSupport
import Testing

/// Archives that NumPy wrote are read; archives that lie cost neither memory nor a trap.
@Suite struct NPZArchiveTests {
  @Test(arguments: ["stored", "deflated"])
  func isWhatNumPyWrote(kind: String) throws {
    try withArchive(kind) { path in
      let archive = try NPZArchive(path)
      #expect(archive.names == ["images", "labels"])
      let images = try archive.array("images")
      #expect(images.shape == [1, 2, 3] && images.path == "\(path) (images)")
      #expect(try images.bytes() == [0, 1, 2, 3, 4, 5])
      #expect(try archive.array("labels").integers() == [7])
      #expect(try archive.array("images").bytes() == images.bytes())
    }
  }

  @Test func anArrayWithoutAName() throws {
    try withArchive("unnamed") { path in
      let archive = try NPZArchive(path)
      #expect(archive.names == ["arr_0"])
    }
  }

  /// What can be packed very well is no bomb.
  @Test func manyZerosAreRead() throws {
    try withArchive("zeros") { path in
      let array = try NPZArchive(path).array("images")
      #expect(try array.floats() == [Float](repeating: 0, count: 40 * 28 * 28))
    }
  }

  @Test func whatIsWrittenHereIsRead() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npz"
      try NPZ.write(["b": NPY.data([1, 2], shape: [2]), "a": NPY.data([0.5], shape: [1])], to: path)
      let archive = try NPZArchive(path)
      #expect(try archive.names == ["b", "a"] && archive.array("b").integers() == [1, 2])
      #expect(try archive.array("a").floats() == [0.5])
    }
  }

  // MARK: - Refusals

  @Test func aMissingArrayIsNamedBesideThoseThatAreThere() throws {
    try withArchive("stored") { path in
      expectMalformed(path, "image", "expected an array called image, found images, labels")
    }
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npz"
      try write(["a.txt": Data("text".utf8)], to: path)
      expectMalformed(path, "a", "expected an array called a, found no arrays")
      let many = (0..<12).map { ("array\($0).npy", Data()) }
      try write(Dictionary(uniqueKeysWithValues: many), to: path)
      expectMalformed(path, "a", ", …")
    }
  }

  @Test func whatIsNoArchiveIsRefused() throws {
    try withTemporaryFolder { folder in
      #expect(throws: FileError.missing(path: "\(folder)/a", remedy: "check the path")) {
        try NPZArchive("\(folder)/a")
      }
      #expect(throws: FileError.unreadable(path: folder, reason: "it is a folder")) { try NPZArchive(folder) }
      for (data, found) in [
        (Data(), "an empty file"), (Data("PK, but no archive".utf8), "plain text"),
        (Data([0x50, 0x4B, 3, 4]), "other bytes ("),
        (NPY.data([1], shape: [1]), "a NumPy array (.npy)"), (Data("<html>".utf8), "a web page"),
      ] {
        try AtomicFile.write(data, to: "\(folder)/a")
        expectMalformed("\(folder)/a", "a", "expected a zip archive of arrays, found \(found)")
      }
    }
  }

  @Test func anArchiveOfPyTorchIsNamed() throws {
    try withTemporaryFolder { folder in
      try write(["model/data.pkl": Data("x".utf8)], to: "\(folder)/model.pt")
      expectMalformed("\(folder)/model.pt", "images", "found a PyTorch checkpoint; save it with numpy.save")
    }
  }

  /// Which of two the other programs take is chance.
  @Test func twoArraysOfOneNameAreRefused() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npz"
      try NPZ.write(["one": NPY.data([1], shape: [1]), "two": NPY.data([2], shape: [1])], to: path)
      var data = try AtomicFile.read(path)
      while let range = data.range(of: Data("two.npy".utf8)) {
        data.replaceSubrange(range, with: Data("one.npy".utf8))
      }
      try AtomicFile.write(data, to: path)
      expectMalformed(path, "one", "expected a name for each array, found two called \"one\"")
    }
  }

  @Test func anArchiveComesThroughAPipe() throws {
    let content = try #require(ArrayFixtures.all.archives["deflated"])
    try withPipe(writing: { try? AtomicFile.write(content, to: $0) }) { (path) throws in
      #expect(try NPZArchive(path).array("images").bytes() == [0, 1, 2, 3, 4, 5])
    }
  }

  /// 1000³ half-precision numbers of zero: 1.9 MB of archive.
  @Test func whatUnpacksToMoreThanCanBeUsedIsRefused() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npz"
      let text = "{'descr': '<f2', 'fortran_order': False, 'shape': (1000, 1000, 1000), }\n"
      let start = Data([0x93] + "NUMPY".utf8 + [1, 0, UInt8(text.utf8.count), 0] + text.utf8)
      try write(["images.npy": start + Data(count: 3 << 20)], to: path)
      expectMalformed(path, "images", "expected at most 120000000 elements of float16, found 1000000000")
    }
  }

  @Test func anEntryThatIsNoArrayIsRefused() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npz"
      try write(["text.npy": Data("not an array".utf8), "empty.npy": Data()], to: path)
      expectMalformed(
        path, "text", "\(path) (text): expected a NumPy array (magic 93 NUMPY), found plain text")
      expectMalformed(path, "empty", "found an empty file")
    }
  }

  /// The header of the array rules, however well the entry is packed.
  @Test func moreThanTheHeaderSaysIsRefused() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npz"
      let array = NPY.data([1, 2], shape: [2])
      try write(["more.npy": array + Data(count: 32 << 20), "less.npy": array.dropLast()], to: path)
      expectMalformed(path, "more", "expected 16 bytes of elements, as its header says, found 33554448")
      expectMalformed(path, "less", "expected 16 bytes of elements, as its header says, found 15")
    }
  }

  /// The directory of the archive states sizes that its bytes cannot have.
  @Test(
    arguments: [(0xFFFF_FFFE, 0x20), (0x7FFF_FFFF, 0x100), (0x1_0000, 0x7FFF_FFFF)] as [(UInt32, UInt32)])
  func sizesThatCannotBeAreRefused(size: UInt32, packedSize: UInt32) throws {
    try withArchive("deflated") { path in
      var data = try AtomicFile.read(path)
      let entry = try #require(data.range(of: Data([0x50, 0x4B, 1, 2]))).lowerBound
      data.replaceSubrange(entry + 20..<entry + 24, with: littleEndian(packedSize))
      data.replaceSubrange(entry + 24..<entry + 28, with: littleEndian(size))
      try AtomicFile.write(data, to: path)
      expectMalformed(path, "images", "expected ")
    }
  }

  @Test(arguments: ["stored", "deflated"])
  func aFlippedBitIsRefused(kind: String) throws {
    try withArchive(kind) { path in
      let data = try AtomicFile.read(path)
      let end = try #require(data.range(of: Data([0x50, 0x4B, 3, 4]), in: 4..<data.count)).lowerBound
      var damaged = data
      damaged[end - 1] ^= 1
      try AtomicFile.write(damaged, to: path)
      // In a stored entry only the checksum shows it.
      expectMalformed(
        path, "images", kind == "stored" ? "expected a whole array, found a damaged" : "expected ")
    }
  }

  @Test(arguments: ["stored", "deflated"])
  func everyTruncationIsRefused(kind: String) throws {
    try withArchive(kind) { path in
      let data = try AtomicFile.read(path)
      for length in stride(from: 0, to: data.count, by: 7) {
        try AtomicFile.write(data.prefix(length), to: path)
        expectMalformed(path, "images", "expected ")
      }
    }
  }

  /// Whatever byte is damaged: the array, or an error.
  @Test func noDamageIsATrap() throws {
    try withArchive("deflated") { path in
      let data = try AtomicFile.read(path)
      for position in data.indices {
        var damaged = data
        damaged[position] ^= 0xFF
        try damaged.write(to: URL(fileURLWithPath: path))
        let archive = try? NPZArchive(path)
        _ = try? archive?.array("images")
      }
    }
  }

  @Test func otherCompressionsAndEncryptionAreRefused() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.npz"
      let array = NPY.data([Int](repeating: 1, count: 100), shape: [100])
      try write(["a.npy": array], to: path) { archive in
        #expect(zip_set_file_compression(archive, 0, ZIP_CM_BZIP2, 1) == 0)
      }
      expectMalformed(path, "a", "expected a stored or deflated array, found one of compression method 12")
      try write(["a.npy": array], to: path) { archive in
        #expect(zip_file_set_encryption(archive, 0, UInt16(ZIP_EM_AES_256), "secret") == 0)
      }
      expectMalformed(path, "a", "expected a stored or deflated array, found an encrypted one")
    }
  }

  // MARK: - Making archives

  private func withArchive(_ kind: String, _ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(try #require(ArrayFixtures.all.archives[kind]), to: "\(folder)/a.npz")
      try body("\(folder)/a.npz")
    }
  }

  /// Deflated, as libzip does it, whatever the entries hold.
  private func write(
    _ entries: [String: Data], to path: String, change: (OpaquePointer) -> Void = { _ in }
  ) throws {
    let archive = try #require(zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, nil))
    // libzip reads the entries when the archive is closed, and then frees them.
    for (name, data) in entries {
      let copy = try #require(malloc(max(1, data.count)))
      data.copyBytes(to: UnsafeMutableRawBufferPointer(start: copy, count: data.count))
      let source = try #require(zip_source_buffer(archive, copy, UInt64(data.count), 1))
      try #require(zip_file_add(archive, name, source, 0) >= 0)
    }
    change(archive)
    try #require(zip_close(archive) == 0)
  }

  private func littleEndian(_ value: UInt32) -> [UInt8] {
    [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  private func expectMalformed(
    _ path: String, _ name: String, _ part: String, _ location: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: FileError.self, sourceLocation: location) {
      try NPZArchive(path).array(name)
    }
    #expect(error?.exitCode == 65, "\(String(describing: error))", sourceLocation: location)
    let sentence = error?.description ?? ""
    #expect(sentence.contains(part), "\(sentence)", sourceLocation: location)
  }
}
