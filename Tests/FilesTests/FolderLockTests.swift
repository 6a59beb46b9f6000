import Files
import Foundation
import TestSupport
import Testing

@Suite struct FolderLockTests {
  /// A lock belongs to the open file, so that two of one process are like two processes.
  @Test func aFolderIsTakenOnce() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/run"
      var lock: FolderLock? = try FolderLock(path)
      let error = #expect(throws: FileError.self) { _ = try FolderLock(path) }
      #expect(error == .unwritable(path: path, reason: "another run is at work in it"))
      withExtendedLifetime(lock) {}
      lock = nil
      _ = try FolderLock(path)
      #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
    }
  }

  @Test func aFileInTheWayIsUnwritable() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("", to: "\(folder)/file")
      #expect(throws: FileError.self) { _ = try FolderLock("\(folder)/file") }
    }
  }
}
