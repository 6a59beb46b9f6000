import Files
import Foundation
import Testing

/// Folders made on the way to a file.
@Suite struct FolderTests {
  private let root = FileManager.default.temporaryDirectory.appendingPathComponent("folders-\(UUID())").path

  @Test(arguments: ["a", "a/", "a/b", "a/b/c", "a//b", "./a", "a/b/"])
  func isThereAfterwards(name: String) throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    let path = "\(root)/\(name)"
    for _ in 0..<2 {
      try AtomicFile.createFolder(path)
      var isFolder: ObjCBool = false
      #expect(FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue)
    }
  }

  @Test(arguments: ["file", "file/a", "file/a/b"])
  func aFileInTheWayIsNamedInWords(name: String) throws {
    defer { try? FileManager.default.removeItem(atPath: root) }
    try AtomicFile.write("mine", to: "\(root)/file")
    #expect(throws: FileError.unwritable(path: "\(root)/\(name)", reason: "Not a directory")) {
      try AtomicFile.createFolder("\(root)/\(name)")
    }
    #expect(try AtomicFile.read("\(root)/file") == Data("mine".utf8))
  }

  /// `/` is there; an empty name is nothing that could be made.
  @Test func theRootIsThereAndNothingIsNot() throws {
    try AtomicFile.createFolder("/")
    #expect(throws: FileError.unwritable(path: "", reason: "No such file or directory")) {
      try AtomicFile.createFolder("")
    }
  }
}
