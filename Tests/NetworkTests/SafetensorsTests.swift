import Files
import Foundation
import Network
import TestSupport
import Testing

struct SafetensorsTests {
  // MARK: - Agreement with Python's package

  /// Made by safetensors 0.8.0 and NumPy, in Python:
  ///
  ///     tensors = {"dense.bias": np.array([0.5, -0.25], np.float32),
  ///                "dense.weight": np.array([[1, -2, 3.5], [0.1, 1e-20, -0.0]], np.float32)}
  ///     base64.b64encode(safetensors.numpy.save(tensors, {"labels": '["T-shirt/top","é \\"x\\""]'}))
  static let python = """
    yAAAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJsYWJlbHMiOiJbXCJULXNoaXJ0L3RvcFwiLFwiw6kgXFxcInhcXFwiXCJdIn0sImRlbnNlLm\
    JpYXMiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOlswLDhdfSwiZGVuc2Uud2VpZ2h0Ijp7ImR0eXBlIjoi\
    RjMyIiwic2hhcGUiOlsyLDNdLCJkYXRhX29mZnNldHMiOls4LDMyXX19ICAgICAgIAAAAD8AAIC+AACAPwAAAMAAAGBAzczMPQjlPB4AAA\
    CA
    """

  /// Made as above with `safetensors.torch.save`, of
  ///
  ///     {"d": torch.tensor([1 / 3, 1e300], dtype=torch.float64),
  ///      "h": torch.tensor([1.5, -65504, 6e-8], dtype=torch.float16),
  ///      "e": torch.zeros(0, 3), "s": torch.tensor(7.0),
  ///      "b": torch.tensor([1.0, -3.140625, 3e38]).to(torch.bfloat16)}
  static let types = """
    GAEAAAAAAAB7ImQiOnsiZHR5cGUiOiJGNjQiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOlswLDE2XX0sImUiOnsiZHR5cGUiOiJGMz\
    IiLCJzaGFwZSI6WzAsM10sImRhdGFfb2Zmc2V0cyI6WzE2LDE2XX0sInMiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6W10sImRhdGFfb2Zm\
    c2V0cyI6WzE2LDIwXX0sImIiOnsiZHR5cGUiOiJCRjE2Iiwic2hhcGUiOlszXSwiZGF0YV9vZmZzZXRzIjpbMjAsMjZdfSwiaCI6eyJkdH\
    lwZSI6IkYxNiIsInNoYXBlIjpbM10sImRhdGFfb2Zmc2V0cyI6WzI2LDMyXX19ICAgVVVVVVVV1T+cdQCIPOQ3fgAA4ECAP0nAYn8APv/7\
    AQA=
    """

  static let model = Safetensors(
    entries: [
      "dense.bias": .init(shape: [2], values: [0.5, -0.25]),
      "dense.weight": .init(shape: [2, 3], values: [1, -2, 3.5, 0.1, 1e-20, -0.0]),
    ],
    metadata: ["labels": #"["T-shirt/top","é \"x\""]"#])

  @Test func readsAndWritesTheBytesThatPythonWrites() throws {
    let data = try #require(Data(base64Encoded: Self.python))
    let read = try Safetensors(data, path: "file")
    #expect(read == Self.model)
    #expect(read.entries["dense.weight"]?.values.last?.sign == .minus)
    #expect(Self.model.encoded() == data)
  }

  @Test func readsOtherTypesAsFloat() throws {
    let data = try #require(Data(base64Encoded: Self.types))
    let expected: [String: Safetensors.Entry] = [
      "d": .init(shape: [2], values: [0.33333334, .infinity]),
      "h": .init(shape: [3], values: [1.5, -65504, 5.9604645e-08]),
      "e": .init(shape: [0, 3], values: []),
      "s": .init(shape: [], values: [7]),
      "b": .init(shape: [3], values: [1, -3.140625, 3.0040553e38]),
    ]
    #expect(try Safetensors(data, path: "file") == Safetensors(entries: expected))
  }

  // MARK: - Round trips

  @Test(arguments: [
    Safetensors(),
    model,
    Safetensors(entries: ["": .init(shape: [], values: [.greatestFiniteMagnitude])]),
    Safetensors(
      entries: [
        "b": .init(shape: [1, 0], values: []), "a": .init(shape: [3], values: [1, -.infinity, .pi]),
      ],
      metadata: ["z": "", "": "\u{0}\t\r\n\u{1f}\u{7f}\"\\/\u{2028}👕", "é": "{}"]),
  ])
  func whatIsWrittenIsRead(file: Safetensors) throws {
    let data = file.encoded()
    #expect(try Safetensors(data, path: "file") == file)
    #expect(data == file.encoded())
    #expect(data[0].isMultiple(of: 8), "the values begin at a multiple of 8")
  }

  @Test func notANumberKeepsItsBits() throws {
    let values: [Float] = [.nan, -.nan, Float(bitPattern: 0x7fc0_1234)]
    let file = Safetensors(entries: ["x": .init(shape: [3], values: values)])
    let read = try Safetensors(file.encoded(), path: "file")
    #expect(read.entries["x"]?.values.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func bytesDoNotDependOnTheOrderOfInsertion() {
    let names = (0..<50).map { "layer\($0)" }
    var forward = Safetensors()
    var backward = Safetensors()
    for name in names { forward.entries[name] = .init(shape: [1], values: [Float(name.count)]) }
    for name in names.reversed() { backward.entries[name] = .init(shape: [1], values: [Float(name.count)]) }
    #expect(forward.encoded() == backward.encoded())
  }

  @Test func readsASliceOfData() throws {
    let data = Data([1, 2, 3]) + Self.model.encoded()
    #expect(try Safetensors(data.dropFirst(3), path: "file") == Self.model)
  }

  @Test func filesOnDisk() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("safetensors-\(UUID())").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/new/model.safetensors"
    try Self.model.write(to: path)
    #expect(try Safetensors(contentsOf: path) == Self.model)
    #expect(throws: FileError.missing(path: "\(path)x", remedy: "train it")) {
      try Safetensors(contentsOf: "\(path)x", remedy: "train it")
    }
    #expect(throws: FileError.self) { try Self.model.write(to: folder) }
  }

  // MARK: - Bad files

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

  @Test func theJudgeIsAskedBeforeTheValuesAreRead() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/w"
      try Self.model.write(to: path)
      let refusal = FileError.malformed(path: path, expected: "6 values", found: "8")
      #expect(throws: refusal) {
        try Safetensors.read(path) { (header) throws(FileError) in
          #expect(header.metadata == Self.model.metadata && header.tensors.map(\.shape) == [[2], [2, 3]])
          throw .malformed(path: path, expected: "6 values", found: "\(header.valueCount)")
        }
      }
      let (file, sha256) = try Safetensors.read(path)
      #expect(file == Self.model && sha256 == SHA256.hex(of: Self.model.encoded()))
    }
  }

  @Test func weightsComeThroughAPipe() throws {
    let data = Self.model.encoded()
    try withPipe(writing: { try? AtomicFile.write(data, to: $0) }) { (path) throws in
      let (file, sha256) = try Safetensors.read(path)
      #expect(file == Self.model && sha256 == SHA256.hex(of: data))
    }
    for (content, part) in [
      (data + [0], "expected 32 bytes of values, found more"),
      (data.dropLast(), #"expected 32 bytes of values, found an end in the tensor "dense.weight""#),
      (data.prefix(100), "expected a safetensors header of 200 bytes, found 92"),
      (data.prefix(7), "found 7 bytes"), (Data(), "found an empty file"),
    ] {
      try withPipe(writing: { try? AtomicFile.write(content, to: $0) }) { (path) throws in
        let error = #expect(throws: FileError.self) { try Safetensors(contentsOf: path) }
        #expect(error?.description.hasSuffix(part) == true, "\(error as Any)")
      }
    }
  }

  /// Truncated anywhere, a file is refused and never misread.
  @Test func everyTruncationIsRefused() throws {
    let data = Self.model.encoded()
    for count in 0..<data.count {
      #expect(throws: FileError.self) { try Safetensors(data.prefix(count), path: "file") }
    }
  }

  /// Whatever bit of the length and the header flips: an error or another file, never a trap.
  @Test func noFlippedBitTraps() {
    let data = Self.model.encoded()
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
