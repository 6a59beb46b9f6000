import Files
import Foundation
import Network
import TestSupport
import Testing

/// Files that are no safetensors, or are damaged, too large, or of a later version: what each error says.
struct SafetensorsRefusalTests {
  /// A file with this header and so many bytes of values.
  static func file(_ header: String, bytes: Int = 0) -> [UInt8] {
    [0, 8, 16, 24, 32, 40, 48, 56].map { UInt8(truncatingIfNeeded: header.utf8.count >> $0) }
      + header.utf8 + [UInt8](repeating: 0, count: bytes)
  }

  static func tensor(_ shape: String, _ offsets: String, type: String = "F32") -> String {
    #"{"dtype":"\#(type)","shape":[\#(shape)],"data_offsets":[\#(offsets)]}"#
  }

  /// What is wrong with a file, and how the error must describe it.
  struct BadFile: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let content: [UInt8]
    let expected: String
    let found: String

    init(_ name: String, _ content: [UInt8], expected: String, found: String) {
      testDescription = name
      self.content = content
      self.expected = expected
      self.found = found
    }
  }

  private static let header = "a safetensors header that gives each tensor a dtype, a shape and data_offsets"

  static let badFiles = [
    BadFile("empty", [], expected: "weights in the safetensors form", found: "an empty file"),
    BadFile(
      "seven bytes", [2, 0, 0, 0, 0, 0, 0], expected: "a safetensors file of at least 8 bytes",
      found: "7 bytes"),
    BadFile(
      "header beyond the end", file("{}").dropLast(1), expected: "a safetensors header of at most 1 bytes",
      found: "a length of 2"),
    BadFile(
      "a web page", Array("<!DOCTYPE html>".utf8), expected: "weights in the safetensors form",
      found: "a web page, such as a server's error or sign-in page saved under this name; download it again"),
    BadFile(
      "neither weights nor a known kind", [0xC0, 0xFF, 0xEE, 0, 1, 2, 3, 4, 5],
      expected: "a safetensors header of at most 1 bytes", found: "a length of 289077004415729600"),
    BadFile(
      "the largest length", [UInt8](repeating: 255, count: 16),
      expected: "a safetensors header of at most 8 bytes", found: "a length of 18446744073709551615"),
    BadFile("no header", file(""), expected: header, found: "an empty one"),
    BadFile(
      "not JSON", file("{\"x\":"), expected: header, found: #"in the tensor "x" an end before an object"#),
    BadFile("an array", file("[1]"), expected: header, found: "one that does not begin with {"),
    BadFile(
      "deep nesting", file("{\"x\":{\"y\":" + String(repeating: "[", count: 100_000)), expected: header,
      found: #"in the tensor "x" values nested more than 64 deep"#),
    BadFile(
      "bytes that are not UTF-8", [6, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d],
      expected: header,
      found: "a text that is not UTF-8"),
    BadFile(
      "a byte order mark", file("\u{FEFF}{}"), expected: header, found: "one that does not begin with {"),
    BadFile(
      "UTF-16", [4, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0, 0x7d, 0], expected: header,
      found: "something other than a text at byte 1"),
    BadFile("blanks before it", file(" {}"), expected: header, found: "one that does not begin with {"),
    BadFile(
      "more than spaces after it", file("{}\n"), expected: header,
      found: "something other than spaces after its end"),
    BadFile(
      "two headers", file("{}{}"), expected: header, found: "something other than spaces after its end"),
    BadFile(
      "a comma too many", file("{\"x\":\(tensor("1", "0,4")),}", bytes: 4), expected: header,
      found: "something other than a text at byte 54"),
    BadFile(
      "a tensor twice", file("{\"x\":\(tensor("1", "0,4")),\"x\":\(tensor("1", "4,8"))}", bytes: 8),
      expected: header,
      found: #"the name "x" twice"#),
    BadFile(
      "a tensor twice, the second time escaped",
      file("{\"x\":\(tensor("1", "0,4")),\"\\u0078\":\(tensor("1", "0,4"))}", bytes: 4), expected: header,
      found: #"the name "x" twice"#),
    BadFile(
      "metadata twice", file(#"{"__metadata__":{},"__metadata__":{}}"#), expected: header,
      found: #"the name "__metadata__" twice"#),
    BadFile(
      "a key twice", file(#"{"__metadata__":{"a":"1","a":"2"}}"#), expected: header,
      found: #"the name "a" twice"#),
    BadFile(
      "a field twice",
      file(#"{"x":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, bytes: 4),
      expected: header, found: #"in the tensor "x" the name "dtype" twice"#),
    BadFile(
      "a control character", file("{\"__metadata__\":{\"a\":\"\u{1B}[31m\"}}"), expected: header,
      found: #"in the metadata "a" a control character in a text, at byte 22"#),
    BadFile(
      "metadata that is no text", file(#"{"__metadata__":{"a":1}}"#), expected: header,
      found: #"in the metadata "a" something other than a text at byte 21"#),
    BadFile(
      "no shape", file(#"{"x":{"dtype":"F32","data_offsets":[0,4]}}"#, bytes: 4), expected: header,
      found: #"the tensor "x" without shape"#),
    BadFile(
      "text for a dimension", file("{\"x\":\(tensor("1,\"2\"", "0,8"))}", bytes: 8), expected: header,
      found: #"in the tensor "x" something other than a number at byte 31"#),
    BadFile(
      "half an offset", file("{\"x\":\(tensor("1", "0,4.5"))}", bytes: 4), expected: header,
      found: #"in the tensor "x" something other than an integer at byte 50"#),
    BadFile(
      "a huge dimension", file("{\"x\":\(tensor("1e30", "0,4"))}", bytes: 4), expected: header,
      found: #"in the tensor "x" something other than an integer at byte 29"#),
    BadFile(
      "a number that begins with 0", file("{\"x\":\(tensor("01", "0,4"))}", bytes: 4), expected: header,
      found: #"in the tensor "x" something other than the end of a number at byte 30"#),
    BadFile(
      "a million dimensions",
      file(
        "{\"x\":\(tensor([String](repeating: "1", count: 1_000_000).joined(separator: ","), "0,4"))}",
        bytes: 4),
      expected: header, found: #"in the tensor "x" more than 64 numbers in a row"#),
    BadFile(
      "unknown type", file("{\"x\":\(tensor("4", "0,4", type: "I8"))}", bytes: 4),
      expected: #"tensor "x" with a dtype of F32, F64, F16, BF16"#, found: #""I8""#),
    BadFile(
      "three offsets", file("{\"x\":\(tensor("1", "0,4,4"))}", bytes: 4), expected: header,
      found: #"in the tensor "x" more than 2 numbers in a row"#),
    BadFile(
      "one offset", file("{\"x\":\(tensor("1", "0"))}", bytes: 4),
      expected: #"tensor "x" within 4 bytes of values"#, found: "data_offsets [0]"),
    BadFile(
      "offsets beyond the end", file("{\"x\":\(tensor("2", "0,8"))}", bytes: 4),
      expected: #"tensor "x" within 4 bytes of values"#, found: "data_offsets [0, 8]"),
    BadFile(
      "offsets the wrong way round", file("{\"x\":\(tensor("1", "4,0"))}", bytes: 4),
      expected: #"tensor "x" within 4 bytes of values"#, found: "data_offsets [4, 0]"),
    BadFile(
      "negative offset", file("{\"x\":\(tensor("2", "-4,4"))}", bytes: 4),
      expected: #"tensor "x" within 4 bytes of values"#, found: "data_offsets [-4, 4]"),
    BadFile(
      "overlap", file("{\"x\":\(tensor("2", "0,8")),\"y\":\(tensor("2", "4,12"))}", bytes: 12),
      expected: #"the values of tensor "y" from byte 8, after those before it"#, found: "data_offsets [4, 12]"
    ),
    BadFile(
      "the same place twice", file("{\"x\":\(tensor("1", "0,4")),\"y\":\(tensor("1", "0,4"))}", bytes: 4),
      expected: #"the values of tensor "y" from byte 4, after those before it"#, found: "data_offsets [0, 4]"),
    BadFile(
      "gap", file("{\"x\":\(tensor("1", "0,4")),\"y\":\(tensor("1", "8,12"))}", bytes: 12),
      expected: #"the values of tensor "y" from byte 4, after those before it"#, found: "data_offsets [8, 12]"
    ),
    BadFile(
      "more than the tensors", file("{\"x\":\(tensor("1", "0,4"))}", bytes: 5),
      expected: "4 bytes of values", found: "5 bytes"),
    BadFile("values without tensors", file("{}", bytes: 1), expected: "0 bytes of values", found: "1 bytes"),
    BadFile(
      "the same place twice, with a name in two forms of Unicode",
      file("{\"\u{E9}\":\(tensor("1", "0,4")),\"e\u{301}\":\(tensor("1", "4,8"))}", bytes: 8),
      expected: header,
      found: "the name \"e\u{301}\" twice"),
    BadFile(
      "shape of another size", file("{\"x\":\(tensor("2,3", "0,20"))}", bytes: 20),
      expected: #"tensor "x" with a shape that fills its 20 bytes"#, found: "F32 of shape [2, 3]"),
    BadFile(
      "negative dimensions", file("{\"x\":\(tensor("-1,-1", "0,4"))}", bytes: 4),
      expected: #"tensor "x" with a shape that fills its 4 bytes"#, found: "F32 of shape [-1, -1]"),
    BadFile(
      "a product that is zero modulo 2⁶⁴", file("{\"x\":\(tensor("4294967296,4294967296", "0,0"))}"),
      expected: #"tensor "x" with a shape that fills its 0 bytes"#,
      found: "F32 of shape [4294967296, 4294967296]"),
    BadFile(
      "a name with control characters", file(#"{"\u001b[2J\n":\#(tensor("1", "0,8"))}"#, bytes: 4),
      expected: #"tensor "\u{1B}[2J\n" within 4 bytes of values"#, found: "data_offsets [0, 8]"),
  ]

  @Test(arguments: badFiles)
  func badFileIsRefused(file: BadFile) {
    #expect(throws: FileError.malformed(path: "file", expected: file.expected, found: file.found)) {
      try Safetensors(Data(file.content), path: "file")
    }
  }

  @Test func headerOverTheLimitIsRefused() {
    let length = 16_777_217
    let data = Data([0x01, 0, 0, 1, 0, 0, 0, 0]) + Data(count: length)
    let error = FileError.malformed(
      path: "file", expected: "a safetensors header of at most 16777216 bytes",
      found: "a length of \(length)")
    #expect(throws: error) { try Safetensors(data, path: "file") }
  }

  /// Fields that a later version of the format may add, and free text that is null.
  @Test func whatIsNotKnownIsPassedOver() throws {
    let header =
      #"{"__metadata__":null,"x":{"extra":[{"a":[1.5e3,null]}],"dtype":"F32","shape":[1],"data_offsets":[0,4]}}   "#
    let read = try Safetensors(Data(Self.file(header, bytes: 4)), path: "file")
    #expect(read == Safetensors(entries: ["x": .init(shape: [1], values: [0])]))
  }

  /// Three gigabytes of zeros, as a sparse file has them: refused before they are read.
  @Test func aFileOverTheLimitIsNotRead() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/w"
      let size = 3 << 30
      let file = Self.file("{\"x\":\(Self.tensor("\(size / 4)", "0,\(size)"))}")
      try AtomicFile.write(Data(file), to: path)
      try #require(truncate(path, file.count + size) == 0)
      let found = "\(file.count + size)"
      #expect(
        throws: FileError.malformed(
          path: path, expected: "a safetensors file of at most 536870912 bytes", found: found)
      ) { try Safetensors(contentsOf: path) }
    }
  }

  /// Truncated anywhere, a file is refused and never misread.
  @Test func everyTruncationIsRefused() throws {
    let data = SafetensorsTests.model.encoded()
    for count in 0..<data.count {
      #expect(throws: FileError.self) { try Safetensors(data.prefix(count), path: "file") }
    }
  }

  /// Whatever bit of the length and the header flips: an error or another file, never a trap.
  @Test func noFlippedBitTraps() {
    let data = SafetensorsTests.model.encoded()
    for bit in 0..<8 * (data.count - 32) {
      var flipped = data
      flipped[bit / 8] ^= 1 << (bit % 8)
      do throws(FileError) {
        let file = try Safetensors(flipped, path: "file")
        #expect(file.entries.values.map(\.values.count).reduce(0, +) == 8)
      } catch {
        #expect(error.path == "file")
      }
    }
  }
}
