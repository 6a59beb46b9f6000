import Files
import Foundation
import Testing

@Suite struct AtomicFileTests {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("files-\(UUID())").path

  @Test func writesReadsAndReplaces() throws {
    let path = "\(folder)/deep/er/a.txt"
    try AtomicFile.write("one", to: path)
    try AtomicFile.write("two", to: path)
    #expect(try AtomicFile.read(path) == Data("two".utf8))
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/deep/er") == ["a.txt"])
  }

  @Test func aFolderInTheWayLeavesNothingBehind() throws {
    try AtomicFile.createFolder("\(folder)/taken")
    #expect(throws: FileError.self) { try AtomicFile.write("x", to: "\(folder)/taken") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["taken"])
  }

  @Test func sayWhatIsMissing() {
    #expect(throws: FileError.missing(path: "/no/such/file", remedy: "check the path")) {
      try AtomicFile.read("/no/such/file")
    }
    #expect(throws: FileError.unreadable(path: "/", reason: "it is a folder")) { try AtomicFile.read("/") }
  }

  /// FIPS 180-4 example values.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  ])
  func digest(text: String, hex: String) {
    #expect(SHA256.hex(of: Data(text.utf8)) == hex)
  }
}
