import CZip
import Files
import Foundation
import TestSupport
import Testing

/// Arrays in NumPy's formats, read by libzip and by hand.
@Suite struct ArrayFileTests {
  /// The content of the entry, as libzip reads it.
  private func entry(_ name: String, of path: String) throws -> Data {
    let archive = try #require(zip_open(path, ZIP_RDONLY, nil))
    defer { zip_discard(archive) }
    var status = zip_stat_t()
    try #require(zip_stat(archive, name, 0, &status) == 0)
    let file = try #require(zip_fopen(archive, name, 0))
    defer { zip_fclose(file) }
    var data = Data(count: Int(status.size))
    let count = data.withUnsafeMutableBytes { zip_fread(file, $0.baseAddress, UInt64($0.count)) }
    #expect(count == Int64(data.count))
    return data
  }

  @Test func anArrayIsHeaderAndElements() throws {
    let data = NPY.data([1, 2, 3, 4, 5, 6.5], shape: [2, 3])
    #expect(data.prefix(8) == Data([0x93] + Array("NUMPY".utf8) + [1, 0]))
    let length = Int(data[8]) + 256 * Int(data[9])
    #expect((10 + length) % 64 == 0 && data.count == 10 + length + 24)
    let header = String(decoding: data[10..<10 + length], as: UTF8.self)
    #expect(header.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3,), }"))
    #expect(header.hasSuffix("\n"))
    #expect(data.suffix(4) == withUnsafeBytes(of: Float(6.5)) { Data($0) })
  }

  @Test func anArchiveHoldsEveryArray() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/new/arrays.npz"
      let images = NPY.data([0.25, 0.5], shape: [2])
      let labels = NPY.data([7, 8], shape: [2])
      try NPZ.write(["images": images, "labels": labels], to: path)
      #expect(try entry("images.npy", of: path) == images)
      #expect(try entry("labels.npy", of: path) == labels)
      let first = try AtomicFile.read(path)
      try NPZ.write(["images": images, "labels": labels], to: path)
      #expect(try AtomicFile.read(path) == first)
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/new") == ["arrays.npz"])
    }
  }

  @Test func aFolderInTheWayIsUnwritable() throws {
    try withTemporaryFolder { folder in
      let error = #expect(throws: FileError.self) {
        try NPZ.write(["a": NPY.data([1], shape: [1])], to: folder)
      }
      #expect(error?.exitCode == 73)
    }
  }
}
