import Files
import Foundation
import TestSupport
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
    #expect("\(FileError.missing(path: "a", remedy: "make \u{1B}[31m\nb"))".contains("make \\u{1B}[31m\\nb"))
    #expect(throws: FileError.missing(path: "/no/such/file", remedy: "check the path")) {
      try AtomicFile.read("/no/such/file")
    }
    #expect(throws: FileError.unreadable(path: "/", reason: "it is a folder")) { try AtomicFile.read("/") }
  }

  // MARK: - What is at the path already

  @Test func aLinkStaysAndItsTargetIsReplaced() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("old", to: "\(folder)/deep/target")
      symlink("deep/target", "\(folder)/relative")
      symlink("\(folder)/relative", "\(folder)/absolute")
      symlink("deep", "\(folder)/way")
      for (path, text) in [("relative", "one"), ("absolute", "two"), ("way/target", "three")] {
        try AtomicFile.write(text, to: "\(folder)/\(path)")
        #expect(try AtomicFile.read("\(folder)/deep/target") == Data(text.utf8))
      }
      for link in ["relative", "absolute", "way"] {
        #expect((try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(link)")) != nil)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/deep") == ["target"])
    }
  }

  @Test func aLinkToNothingMakesItsTarget() throws {
    try withTemporaryFolder { folder in
      symlink("new/target", "\(folder)/link")
      try AtomicFile.write("one", to: "\(folder)/link")
      #expect(try AtomicFile.read("\(folder)/new/target") == Data("one".utf8))
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/link") == "new/target")
    }
  }

  @Test func linksInACircleAreNamed() throws {
    try withTemporaryFolder { folder in
      symlink("b", "\(folder)/a")
      symlink("a", "\(folder)/b")
      let reason = "Too many levels of symbolic links"
      #expect(throws: FileError.unwritable(path: "\(folder)/a", reason: reason)) {
        try AtomicFile.write("x", to: "\(folder)/a")
      }
      #expect(throws: FileError.unreadable(path: "\(folder)/a", reason: reason)) {
        try AtomicFile.read("\(folder)/a")
      }
    }
  }

  @Test func aDeviceIsWrittenTo() throws {
    try withTemporaryFolder { folder in
      symlink("/dev/null", "\(folder)/nothing")
      for path in ["/dev/null", "\(folder)/nothing"] { try AtomicFile.write("x", to: path) }
      var status = stat()
      #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
      #expect(throws: FileError.unwritable(path: "/dev/full", reason: "No space left on device")) {
        try AtomicFile.write("x", to: "/dev/full")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["nothing"])
    }
  }

  /// More than a pipe holds at once, so that one side waits for the other.
  @Test func aPipeIsWrittenToAndRead() throws {
    let content = Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 * 7) })
    try withPipe(writing: { try? AtomicFile.write(content, to: $0) }) { (path) throws in
      #expect(try AtomicFile.read(path) == content)
      var status = stat()
      #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    }
    try withPipe(writing: { try? AtomicFile.write(content, to: $0) }) { (path) throws in
      #expect(throws: FileError.malformed(path: path, expected: "at most 20000 bytes", found: "more")) {
        try AtomicFile.read(path, limit: 20_000)
      }
    }
  }

  /// What stands behind /dev/stdout when it is a file: another name for it, which no rename may take away.
  @Test func anOpenFileByItsNumberIsAddedTo() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("one ", to: "\(folder)/a")
      let descriptor = open("\(folder)/a", O_RDWR)
      defer { close(descriptor) }
      try AtomicFile.write("two", to: "/dev/fd/\(descriptor)")
      #expect(try AtomicFile.read("\(folder)/a") == Data("one two".utf8))
    }
  }

  // MARK: - Leftovers

  @Test(arguments: [
    ("a.png.4711-1234567890.tmp", true), ("a.1-4294967295.tmp", true),
    ("classifier.safetensors.77-3000000000.tmp", true),
    ("a.png.4711-123456789.tmp", false), ("a.png.4711-4294967296.tmp", false),
    ("a.png.0-1234567890.tmp", false),
    ("a.png.04-1234567890.tmp", false), ("a.png.+4-1234567890.tmp", false), ("a.png.-1234567890.tmp", false),
    ("a.png.5000000-1234567890.tmp", false), ("4711-1234567890.tmp", false), (".4711-1234567890.tmp", false),
    ("a.4711-1234567890.tmp.png", false), ("a.4711-1234567890", false), ("a.4711-1234567890-1.tmp", false),
    ("a.4711-1234567890.TMP", false), ("notes.2024-15.tmp", false), ("a.tmp", false), ("", false),
  ])
  func onlyNamesOfThisFormAreLeftovers(name: String, isOne: Bool) throws {
    try withTemporaryFolder { folder in
      try #require(
        name.isEmpty || FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: Data("x".utf8)))
      try AtomicFile.write("new", to: "\(folder)/new")
      let left = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      #expect(left == (isOne || name.isEmpty ? ["new"] : ["new", name].sorted()))
    }
  }

  /// Another run at work holds the lock; a folder, a link or a second name is no leftover either.
  @Test func whatIsInUseStays() throws {
    try withTemporaryFolder { folder in
      let name = { (number: Int) in "\(folder)/a.4711-123456789\(number).tmp" }
      let descriptor = open(name(0), O_WRONLY | O_CREAT, 0o600)
      defer { close(descriptor) }
      try #require(flock(descriptor, LOCK_EX) == 0)
      mkdir(name(1), 0o700)
      symlink(name(0), name(2))
      try Data("x".utf8).write(to: URL(fileURLWithPath: "\(folder)/mine"))
      link("\(folder)/mine", name(3))
      mkfifo(name(4), 0o600)
      try AtomicFile.write("new", to: "\(folder)/new")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 7)
    }
  }

  /// The name of a file may be as long as file systems allow.
  @Test func theLongestNameIsWritten() throws {
    try withTemporaryFolder { folder in
      let name = String(repeating: "n", count: 255)
      try AtomicFile.write("x", to: "\(folder)/\(name)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [name])
    }
  }

  // MARK: - Reading

  @Test func moreThanTheLimitIsNotRead() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/sparse"
      try AtomicFile.write("x", to: path)
      try #require(truncate(path, 3 << 30) == 0)
      #expect(
        throws: FileError.malformed(path: path, expected: "at most 268435456 bytes", found: "3221225472")
      ) {
        try AtomicFile.read(path)
      }
      try #require(truncate(path, 10) == 0)
      #expect(try AtomicFile.read(path, limit: 10).count == 10)
      #expect(throws: FileError.malformed(path: path, expected: "at most 9 bytes", found: "10")) {
        try AtomicFile.read(path, limit: 9)
      }
      try AtomicFile.write("", to: path)
      #expect(try AtomicFile.read(path).isEmpty)
    }
    // Has no length, and is not empty.
    #expect(try !AtomicFile.read("/proc/self/status").isEmpty)
    #expect(throws: FileError.malformed(path: "/dev/zero", expected: "at most 5000000 bytes", found: "more"))
    {
      try AtomicFile.read("/dev/zero", limit: 5_000_000)
    }
  }

  /// That it is not there is one reason of several.
  @Test func whyAFileCannotBeReadIsSaid() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("x", to: "\(folder)/file")
      #expect(throws: FileError.unreadable(path: "\(folder)/file/a", reason: "Not a directory")) {
        try AtomicFile.read("\(folder)/file/a")
      }
      let long = "\(folder)/\(String(repeating: "n", count: 256))"
      #expect(throws: FileError.unreadable(path: long, reason: "File name too long")) {
        try AtomicFile.read(long)
      }
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root is denied nothing"))
  func aFileThatMayNotBeReadIsSaidToBe() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("x", to: "\(folder)/file")
      chmod("\(folder)/file", 0)
      #expect(throws: FileError.unreadable(path: "\(folder)/file", reason: "Permission denied")) {
        try AtomicFile.read("\(folder)/file")
      }
    }
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
