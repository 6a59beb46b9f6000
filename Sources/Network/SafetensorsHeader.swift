import Files
import FoundationEssentials

/// What a safetensors file says of itself before its values: free text, and where each tensor is.
///
/// Read strictly: a name twice, a comma too many, a byte order mark, a gap or an overlap is refused, as the
/// format demands. All of it is judged before the first value is read.
public struct SafetensorsHeader: Sendable {
  /// One tensor.
  public struct Place: Sendable {
    /// The name, which no other tensor of the file has.
    public let name: String
    /// The dimensions; a scalar has none.
    public let shape: [Int]
    let type: ElementType
    /// Where the values are, counted from the end of the header.
    let bytes: Range<Int>
    /// The number of elements.
    public var count: Int { bytes.count / type.width }
  }

  /// Free text by key.
  public let metadata: [String: String]
  /// In the order of their values.
  public let tensors: [Place]

  /// The number of values of all tensors together.
  public var valueCount: Int { tensors.reduce(0) { $0 + $1.count } }

  /// Longer headers are refused. The journal of a training of five million steps is shorter; the format's own
  /// library reads up to six times as much.
  public static let longestHeader = 1 << 24
  /// Larger files are refused: more than twice the largest state of a training here (began: 20 million
  /// weights, and two numbers of the optimizer for each).
  public static let largestFile = 1 << 29
  /// As in NumPy.
  private static let mostDimensions = 64

  /// Reads the header, after which the values are next in `file`.
  init(_ file: InputFile) throws(FileError) {
    let length = try Self.length(in: file)
    let text = try file.take(length)
    guard text.count == length else {
      throw .malformed(
        path: file.path, expected: "a safetensors header of \(length) bytes", found: "\(text.count)")
    }
    let fields = try Self.fields(text, path: file.path)
    metadata = fields.metadata
    tensors = try Self.places(fields.tensors, size: file.remaining, path: file.path)
  }

  private static func length(in file: InputFile) throws(FileError) -> Int {
    let start = try file.peek(FileKind.startSize)
    let bytes = start.prefix(8)
    let length = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let behind = file.remaining.map { max(0, $0 - 8) }
    let limit = min(longestHeader, behind ?? longestHeader)
    let kind = FileKind(start: start, path: file.path)
    guard bytes.count == 8, length <= UInt64(limit) else {
      let isOther = kind != nil && kind != .safetensors && (bytes.count == 8 || kind != .text)
      let other = bytes.count < 8 ? "\(bytes.count) bytes" : "a length of \(length)"
      throw .malformed(
        path: file.path,
        expected: isOther
          ? "weights in the safetensors form"
          : bytes.count < 8
            ? "a safetensors file of at least 8 bytes" : "a safetensors header of at most \(limit) bytes",
        found: isOther ? FileKind.found(start, path: file.path, wanted: .weights) : other)
    }
    if let behind, behind > largestFile {
      throw .malformed(
        path: file.path, expected: "a safetensors file of at most \(largestFile) bytes",
        found: "\(behind + 8)")
    }
    _ = try file.take(8)
    return Int(length)
  }

  // MARK: - The text

  private struct Fields {
    var metadata: [String: String] = [:]
    var tensors: [Unjudged] = []
  }

  /// A tensor as the text has it.
  private struct Unjudged {
    let name: String
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
  }

  private static func fields(_ text: Data, path: String) throws(FileError) -> Fields {
    var fields = Fields()
    do throws(JSONScanner.Failure) {
      // The format wants the brace at once: no blanks before it, no byte order mark.
      guard text.first == UInt8(ascii: "{") else {
        throw JSONScanner.Failure(text.isEmpty ? "an empty one" : "one that does not begin with {")
      }
      // It is filled up with spaces.
      let end = text.lastIndex { $0 != UInt8(ascii: " ") } ?? text.startIndex
      var scanner = JSONScanner([UInt8](text[...end]))
      try scanner.object { (scanner, name) throws(JSONScanner.Failure) in
        if name == Safetensors.metadataKey {
          fields.metadata = try metadata(&scanner)
        } else {
          fields.tensors.append(try tensor(name, &scanner))
        }
      }
      guard scanner.isAtEnd else { throw JSONScanner.Failure("something other than spaces after its end") }
    } catch {
      throw .malformed(
        path: path, expected: "a safetensors header that gives each tensor a dtype, a shape and data_offsets",
        found: error.reason)
    }
    return fields
  }

  private static func metadata(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) -> [String: String] {
    var metadata: [String: String] = [:]
    guard !scanner.null() else { return metadata }
    try scanner.object { (scanner, key) throws(JSONScanner.Failure) in
      do throws(JSONScanner.Failure) {
        metadata[key] = try scanner.string()
      } catch {
        throw JSONScanner.Failure("in the metadata \(key.quoted) \(error.reason)")
      }
    }
    return metadata
  }

  private static func tensor(
    _ name: String, _ scanner: inout JSONScanner
  ) throws(JSONScanner.Failure) -> Unjudged {
    var tensor = Unjudged(name: name)
    do throws(JSONScanner.Failure) {
      try scanner.object { (scanner, field) throws(JSONScanner.Failure) in
        switch field {
        case "dtype": tensor.type = try scanner.string()
        case "shape": tensor.shape = try integers(&scanner, most: mostDimensions)
        case "data_offsets": tensor.offsets = try integers(&scanner, most: 2)
        default: try scanner.skip()
        }
      }
    } catch {
      throw JSONScanner.Failure("in the tensor \(name.quoted) \(error.reason)")
    }
    return tensor
  }

  private static func integers(_ scanner: inout JSONScanner, most: Int) throws(JSONScanner.Failure) -> [Int] {
    var numbers: [Int] = []
    try scanner.array { (scanner) throws(JSONScanner.Failure) in
      guard numbers.count < most else { throw JSONScanner.Failure("more than \(most) numbers in a row") }
      numbers.append(try scanner.integer())
    }
    return numbers
  }

  // MARK: - The places

  /// - Parameter size: how many bytes of values there are, where that is known.
  private static func places(_ tensors: [Unjudged], size: Int?, path: String) throws(FileError) -> [Place] {
    // An empty tensor comes before the one that begins where it stands.
    let sorted = tensors.sorted { first, second in
      let (a, b) = (first.offsets ?? [], second.offsets ?? [])
      return a == b ? first.name < second.name : a.lexicographicallyPrecedes(b)
    }
    var position = 0
    var places: [Place] = []
    for tensor in sorted {
      places.append(try place(tensor, from: position, size: size ?? largestFile, path: path))
      position = places[places.count - 1].bytes.upperBound
    }
    guard position == size ?? position else {
      throw .malformed(path: path, expected: "\(position) bytes of values", found: "\(size ?? 0) bytes")
    }
    return places
  }

  /// The place of a tensor whose values must begin at byte `begin` of `size`.
  private static func place(
    _ tensor: Unjudged, from begin: Int, size: Int, path: String
  ) throws(FileError) -> Place {
    let name = tensor.name.quoted
    guard let typeName = tensor.type, let shape = tensor.shape, let offsets = tensor.offsets else {
      let missing = tensor.type == nil ? "dtype" : tensor.shape == nil ? "shape" : "data_offsets"
      throw .malformed(
        path: path, expected: "a safetensors header that gives each tensor a dtype, a shape and data_offsets",
        found: "the tensor \(name) without \(missing)")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1], 0 <= offsets[0], offsets[1] <= size else {
      throw .malformed(
        path: path, expected: "tensor \(name) within \(size) bytes of values",
        found: "data_offsets \(offsets)")
    }
    guard offsets[0] == begin else {
      throw .malformed(
        path: path, expected: "the values of tensor \(name) from byte \(begin), after those before it",
        found: "data_offsets \(offsets)")
    }
    guard let type = ElementType(rawValue: typeName) else {
      let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw .malformed(
        path: path, expected: "tensor \(name) with a dtype of \(known)", found: typeName.quoted)
    }
    guard product([type.width] + shape) == offsets[1] - offsets[0] else {
      throw .malformed(
        path: path, expected: "tensor \(name) with a shape that fills its \(offsets[1] - offsets[0]) bytes",
        found: "\(typeName) of shape \(shape.brief)")
    }
    return Place(name: tensor.name, shape: shape, type: type, bytes: offsets[0]..<offsets[1])
  }

  /// `nil` where a factor is negative or the product does not fit.
  private static func product(_ factors: [Int]) -> Int? {
    var product = 1
    for factor in factors {
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      guard factor >= 0, !overflow else { return nil }
      product = next
    }
    return product
  }
}
