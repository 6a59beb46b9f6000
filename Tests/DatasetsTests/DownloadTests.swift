import Datasets
import Files
import Foundation
import Synchronization
import TestSupport
import Testing

/// A server in memory.
final class StubTransport: DownloadTransport {
  private let files: [String: Data]
  private let knowsRanges: Bool
  private let requestsBeforeFailure: Int
  private let log = Mutex<[String]>([])

  init(files: [String: Data], knowsRanges: Bool = true, requestsBeforeFailure: Int = .max) {
    self.files = files
    self.knowsRanges = knowsRanges
    self.requestsBeforeFailure = requestsBeforeFailure
  }

  /// The ranges that were asked for, such as `name 0..<16`.
  var requests: [String] { log.withLock { $0 } }

  func fetch(_ url: URL, range: Range<Int>) throws(FileError) -> DownloadPiece {
    log.withLock { $0.append("\(url.lastPathComponent) \(range)") }
    guard requests.count <= requestsBeforeFailure else {
      throw .unreadable(path: url.absoluteString, reason: "connection lost")
    }
    guard let file = files[url.lastPathComponent] else {
      throw .unreadable(path: url.absoluteString, reason: "no such file")
    }
    guard knowsRanges else { return DownloadPiece(offset: 0, bytes: file, total: file.count) }
    return DownloadPiece(
      offset: range.lowerBound, bytes: file.dropFirst(range.lowerBound).prefix(range.count), total: file.count
    )
  }
}

struct DownloadTests {
  private let first = "train-images-idx3-ubyte.gz"

  private func fetch(
    _ transport: StubTransport, to folder: String, progress: Download.Progress = { _, _, _ in }
  ) throws {
    try Download(transport: transport, pieceSize: 16).fetch(TinySet.dataset, to: folder, progress: progress)
  }

  private func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  private func expectComplete(_ folder: String) throws {
    let files = try TinySet.files()
    #expect(try names(in: folder) == files.keys.sorted())
    for (name, data) in files { #expect(try AtomicFile.read("\(folder)/\(name)") == data) }
  }

  @Test(arguments: [true, false])
  func fresh(knowsRanges: Bool) throws {
    try withTemporaryFolder { folder in
      let files = try TinySet.files()
      var reports: [String: [Int]] = [:]
      try fetch(StubTransport(files: files, knowsRanges: knowsRanges), to: "\(folder)/new/cache") {
        reports[$0, default: []].append($1)
        #expect($2 == files[$0]?.count)
      }
      try expectComplete("\(folder)/new/cache")
      for (name, data) in files {
        let counts =
          knowsRanges ? Array(stride(from: 16, to: data.count, by: 16)) + [data.count] : [data.count]
        #expect(reports[name] == counts)
      }
    }
  }

  @Test(arguments: [true, false])
  func interruptedAndResumed(knowsRanges: Bool) throws {
    try withTemporaryFolder { folder in
      let files = try TinySet.files()
      let address = "http://tiny.invalid/data/\(first)"
      #expect(throws: FileError.unreadable(path: address, reason: "connection lost")) {
        try fetch(StubTransport(files: files, requestsBeforeFailure: 2), to: folder)
      }
      #expect(try names(in: folder) == ["\(first).part"])
      #expect(try AtomicFile.read("\(folder)/\(first).part") == files[first]?.prefix(32))

      let again = StubTransport(files: files, knowsRanges: knowsRanges)
      try fetch(again, to: folder)
      #expect(again.requests.first == "\(first) 32..<48")
      try expectComplete(folder)
    }
  }

  @Test func completePartIsOnlyFinished() throws {
    try withTemporaryFolder { folder in
      let files = try TinySet.files()
      let data = try #require(files[first])
      try AtomicFile.write(data, to: "\(folder)/\(first).part")
      let server = StubTransport(files: files)
      try fetch(server, to: folder)
      #expect(
        server.requests.filter { $0.hasPrefix(first) } == ["\(first) \(data.count)..<\(data.count + 16)"])
      try expectComplete(folder)
    }
  }

  @Test(arguments: [true, false])
  func partThatIsLongerThanTheFileStartsOver(knowsRanges: Bool) throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(Data(repeating: 1, count: 9999), to: "\(folder)/\(first).part")
      try fetch(StubTransport(files: try TinySet.files(), knowsRanges: knowsRanges), to: folder)
      try expectComplete(folder)
    }
  }

  @Test func filesThatAreHereAreNotFetched() throws {
    try withTemporaryFolder { folder in
      try TinySet.write(to: folder)
      let server = StubTransport(files: [:])
      try fetch(server, to: folder)
      #expect(server.requests.isEmpty)
    }
  }

  @Test func otherContentIsNotKept() throws {
    try withTemporaryFolder { folder in
      var files = try TinySet.files()
      let other = idx([1, 1, 1], [9])
      files[first] = try gzip(other)
      let digest = try #require(TinySet.dataset.digests[.trainImages])
      let error = FileError.malformed(
        path: "http://tiny.invalid/data/\(first)", expected: "content with SHA-256 \(digest)",
        found: "\(SHA256.hex(of: Data(other))); nothing was kept")
      #expect(throws: error) { try fetch(StubTransport(files: files), to: folder) }
      let left = try names(in: folder)
      #expect(left.isEmpty)
    }
  }

  @Test func pageInPlaceOfTheFileIsNotKept() throws {
    try withTemporaryFolder { folder in
      let server = StubTransport(files: [first: Data("<html>Please log in</html>".utf8)])
      let error = failure { try fetch(server, to: folder) }
      #expect(error?.description.contains("found a web page") == true, "\(String(describing: error))")
      let left = try names(in: folder)
      #expect(left.isEmpty)
    }
  }

  @Test func stalePartIsNotKept() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(Data(repeating: 1, count: 16), to: "\(folder)/\(first).part")
      let files = try TinySet.files()
      let error = failure { try fetch(StubTransport(files: files), to: folder) }
      guard case .malformed? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      let left = try names(in: folder)
      #expect(left.isEmpty)
      try fetch(StubTransport(files: files), to: folder)
      try expectComplete(folder)
    }
  }

  @Test func serverThatSendsAnotherPartIsGivenUp() throws {
    struct Stuck: DownloadTransport {
      func fetch(_ url: URL, range: Range<Int>) throws(FileError) -> DownloadPiece {
        DownloadPiece(offset: 0, bytes: Data([1, 2, 3]), total: 100)
      }
    }
    try withTemporaryFolder { folder in
      let address = "http://tiny.invalid/data/\(first)"
      let reason = "asked for byte 3, the server sent 0"
      #expect(throws: FileError.unreadable(path: address, reason: reason)) {
        try Download(transport: Stuck()).fetch(TinySet.dataset, to: folder) { _, _, _ in }
      }
    }
  }

  @Test func nothingArrivedLeavesNothing() throws {
    try withTemporaryFolder { folder in
      #expect(failure { try fetch(StubTransport(files: [:]), to: folder) } != nil)
      let left = try names(in: folder)
      #expect(left.isEmpty)
    }
  }

  @Test func fileInPlaceOfTheFolderIsUnwritable() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("text", to: "\(folder)/file")
      let error = failure { try fetch(StubTransport(files: [:]), to: "\(folder)/file/cache") }
      guard case .unwritable("\(folder)/file/cache", _)? = error else {
        Issue.record("\(String(describing: error))")
        return
      }
    }
  }
}
