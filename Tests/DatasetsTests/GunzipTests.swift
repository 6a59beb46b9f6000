import Datasets
import Files
import Foundation
import TestSupport
import Testing

struct GunzipTests {
  private let content = (0..<5000).map { UInt8($0 * $0 % 251) }

  @Test func inflatesContentOfTheGivenSize() throws {
    #expect(try Gunzip.content(of: gzip(content), size: 5000, path: "f") == content)
    #expect(try Gunzip.content(of: gzip([]), size: 0, path: "f") == [])
  }

  @Test func takesPlainDataAsItIs() throws {
    #expect(try Gunzip.content(of: Data(content), size: 5000, path: "f") == content)
    #expect(try Gunzip.start(of: Data(content), count: 7, path: "f") == Array(content.prefix(7)))
    #expect(try Gunzip.start(of: Data([1, 2]), count: 7, path: "f") == [1, 2])
  }

  @Test func startIsAsLongAsAskedOrAsThereIs() throws {
    #expect(try Gunzip.start(of: gzip(content), count: 20, path: "f") == Array(content.prefix(20)))
    #expect(try Gunzip.start(of: gzip([1, 2, 3]), count: 20, path: "f") == [1, 2, 3])
  }

  @Test func membersFollowOneAnother() throws {
    let data = try gzip(Array(content.prefix(1234))) + gzip([]) + gzip(Array(content.dropFirst(1234)))
    #expect(try Gunzip.content(of: data, size: 5000, path: "f") == content)
  }

  @Test(arguments: [true, false])
  func shorterAndLongerContentIsRefused(compressed: Bool) throws {
    let data = try compressed ? gzip(content) : Data(content)
    #expect(throws: FileError.malformed(path: "f", expected: "5001 bytes of content", found: "5000 bytes")) {
      try Gunzip.content(of: data, size: 5001, path: "f")
    }
    #expect(throws: FileError.malformed(path: "f", expected: "4999 bytes of content", found: "5000 bytes")) {
      try Gunzip.content(of: data, size: 4999, path: "f")
    }
    #expect(throws: FileError.malformed(path: "f", expected: "4000 bytes of content", found: "more")) {
      try Gunzip.content(of: data, size: 4000, path: "f")
    }
  }

  @Test func everyTruncationIsNoticed() throws {
    let data = try gzip(content)
    // With fewer than two bytes it is not a gzip file, but content that is too short.
    for count in 0..<data.count {
      let error = failure { _ = try Gunzip.content(of: data.prefix(count), size: 5000, path: "f") }
      guard case .malformed("f", "5000 bytes of content", let found)? = error else {
        Issue.record("cut off after \(count) of \(data.count) bytes: \(String(describing: error))")
        return
      }
      #expect(count < 2 || found.contains("cut off"), "\(found)")
    }
  }

  @Test func noFlippedBitChangesTheContent() throws {
    let data = try gzip(content)
    let header = 10
    var harmless = 0
    for bit in header * 8..<data.count * 8 {
      var damaged = data
      damaged[bit / 8] ^= 1 << (bit % 8)
      let error = failure {
        let survived = try Gunzip.content(of: damaged, size: 5000, path: "f")
        #expect(survived == content)
        harmless += 1
      }
      guard let error else { continue }
      guard case .malformed = error else {
        Issue.record("bit \(bit): \(error)")
        return
      }
    }
    // The bits between the end of the deflate stream and the next whole byte mean nothing.
    #expect(harmless < 8)
  }

  @Test func wrongChecksumAndLengthAreNamed() throws {
    let data = try gzip(content)
    for (fromEnd, word) in [(8, "data check"), (4, "length check")] {
      var damaged = data
      damaged[data.count - fromEnd] ^= 1
      let error = failure { _ = try Gunzip.content(of: damaged, size: 5000, path: "f") }
      #expect(error?.description.contains("incorrect \(word)") == true, "\(String(describing: error))")
    }
  }

  @Test func whatFollowsTheStreamIsRefused() throws {
    let found = "3 bytes after the end of its gzip stream"
    #expect(throws: FileError.malformed(path: "f", expected: "5000 bytes of content", found: found)) {
      try Gunzip.content(of: gzip(content) + Data([1, 2, 3]), size: 5000, path: "f")
    }
  }

  @Test func bombStopsAtTheGivenSize() throws {
    let bomb = try gzip([UInt8](repeating: 0, count: 50_000_000))
    #expect(bomb.count < 100_000)
    #expect(throws: FileError.malformed(path: "f", expected: "16 bytes of content", found: "more")) {
      try Gunzip.content(of: bomb, size: 16, path: "f")
    }
    #expect(try Gunzip.start(of: bomb, count: 4, path: "f") == [0, 0, 0, 0])
  }
}
