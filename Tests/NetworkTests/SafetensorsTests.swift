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

  // MARK: - Reading

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
}
