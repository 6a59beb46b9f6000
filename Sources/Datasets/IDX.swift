import Files
import FoundationEssentials
import Glibc

/// One array of bytes in the IDX format of the MNIST family, from a file that may be gzip-compressed.
///
/// | offset | bytes | meaning |
/// |---|---|---|
/// | 0 | 2 | zero |
/// | 2 | 1 | type of the values: 08, unsigned bytes; labels may be 09, 0B or 0C too: signed bytes, 16 or 32 bits |
/// | 3 | 1 | number of dimensions, R |
/// | 4 | 4 R | the dimensions, big-endian |
/// | 4 + 4 R | product of the dimensions | the values, row-major |
///
/// Images have R = 3, `[N, H, W]`, or R = 4, `[N, H, W, C]`; labels have R = 1, `[N]`, or R = 2: one-hot
/// rows, else rows that begin with the label, as those of QMNIST. Labels are numbers up to 255. The format is
/// described at <http://yann.lecun.com/exdb/mnist/>. Only this library's own reading is here, no writing.
///
/// The header is read and judged first, and then no more is inflated than it declares.
public struct IDX: Sendable, Equatable {
  /// The dimensions; images always get all four, `[N, H, W, C]`.
  public let shape: [Int]
  /// Row-major; the labels of whatever type, one an image.
  public let values: [UInt8]
  /// The SHA-256 of the whole uncompressed file, which unlike that of a gzip file is the same wherever the
  /// file was packed.
  public let sha256: String

  /// What a file is expected to hold.
  public enum Kind: String, Sendable {
    /// Bytes `[N, H, W]` or `[N, H, W, C]`.
    case images
    /// Whole numbers from 0 to 255: `[N]`, one-hot rows, or rows that begin with the label.
    case labels

    fileprivate var dimensions: ClosedRange<Int> { self == .images ? 3...4 : 1...2 }
    fileprivate var magic: String {
      self == .images ? "IDX images (magic 00000803 or 00000804)" : "IDX labels (magic 00000801)"
    }
  }

  /// The most values that a file may declare: larger than any set of this form (the largest of EMNIST has
  /// 0.55 · 10⁹), small enough to refuse a damaged header before memory is asked for.
  public static let largestSize = 600 << 20

  /// Room for the header and what gzip adds to what it cannot shrink.
  package static let largestFile = largestSize + (1 << 20)

  /// Reads the file at `path`.
  ///
  /// - Throws: `FileError.missing(path:remedy:)`, `FileError.unreadable(path:reason:)`, and
  ///   `FileError.malformed(path:expected:found:)` for a wrong magic number, no or too many values, a size
  ///   other than the declared one, and a damaged gzip stream.
  public static func read(_ kind: Kind, at path: String) throws(FileError) -> IDX {
    try IDX(kind, data: AtomicFile.read(path, limit: largestFile), path: path)
  }

  /// Reads `data`, the bytes of a file. `path` is its name in errors, which are those of ``read(_:at:)``.
  public init(_ kind: Kind, data: Data, path: String) throws(FileError) {
    let longestHeader = 4 + 4 * kind.dimensions.upperBound
    let header = try Gunzip.start(of: data, count: longestHeader, path: path)
    let isPacked = FileKind(start: data.prefix(FileKind.startSize), path: path) == .gzip
    let (declared, type) = try Self.shape(
      kind, header: header, start: isPacked ? Data(header) : data, path: path)
    let size = try Self.size(declared, kind, path: path) * type.size

    let headerSize = 4 + 4 * declared.count
    var content = try Gunzip.content(of: data, size: headerSize + size, path: path)
    sha256 = content.withUnsafeMutableBytes { bytes in
      bytes.baseAddress.map {
        SHA256.hex(of: Data(bytesNoCopy: $0, count: bytes.count, deallocator: .none))
      } ?? SHA256.hex(of: Data())
    }
    // In place, so that the values are not in memory twice.
    content.removeFirst(headerSize)
    guard kind == .labels, type != .unsignedByte || declared.count == 2 else {
      values = content
      shape = declared.count == 3 ? declared + [1] : declared
      return
    }
    values = try Self.labels(
      type.integers(content), columns: declared.count == 2 ? declared[1] : 1, path: path)
    shape = [declared[0]]
  }

  /// - Parameter start: what tells the kind of a file that is no such one.
  private static func shape(
    _ kind: Kind, header: [UInt8], start: Data, path: String
  ) throws(FileError) -> ([Int], IDXType) {
    guard header.count >= 4 else {
      throw .malformed(path: path, expected: kind.magic, found: "a file of \(header.count) bytes")
    }
    let rank = Int(header[3])
    let type = header[0..<2] == [0, 0] ? IDXType(rawValue: header[2]) : nil
    guard let type, type == .unsignedByte || kind == .labels && type.isInteger, kind.dimensions.contains(rank)
    else {
      let magic = header[0..<4].map { Text.formatted("%02x", $0) }.joined()
      let meaning = type.map { $0 == .unsignedByte ? "" : " (\($0.description))" } ?? ""
      // The digits tell more of an IDX file of another type.
      let other = FileKind(start: start, path: path).flatMap { $0 == .idx ? nil : $0 }
      throw .malformed(
        path: path, expected: kind.magic,
        found: other?.sentence(wanted: .dataset) ?? "magic \(magic)\(meaning)")
    }
    guard header.count >= 4 + 4 * rank else {
      throw .malformed(
        path: path, expected: "a header of \(4 + 4 * rank) bytes", found: "a file of \(header.count) bytes")
    }
    let shape = (1...rank).map { dimension in
      header[4 * dimension..<4 * dimension + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    return (shape, type)
  }

  /// One label a row of `columns` numbers.
  private static func labels(_ numbers: [Int], columns: Int, path: String) throws(FileError) -> [UInt8] {
    let rows = stride(from: 0, to: numbers.count, by: columns).map { numbers[$0..<$0 + columns] }
    let areOneHot = columns > 1 && rows.allSatisfy { $0.allSatisfy((0...1).contains) && $0.reduce(0, +) == 1 }
    let labels = rows.map { row in
      areOneHot ? (row.firstIndex(of: 1) ?? row.startIndex) - row.startIndex : row[row.startIndex]
    }
    if let index = labels.firstIndex(where: { !(0...255).contains($0) }) {
      throw .malformed(
        path: path, expected: "labels from 0 to 255", found: "\(labels[index]) at position \(index)")
    }
    return labels.map { UInt8($0) }
  }

  private static func size(_ shape: [Int], _ kind: Kind, path: String) throws(FileError) -> Int {
    let text = shape.map(String.init).joined(separator: " x ")
    guard !shape.contains(0) else {
      throw .malformed(
        path: path, expected: "at least one of its \(kind.rawValue)",
        found: "an empty set (its header declares \(text))")
    }
    var size = 1
    for dimension in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      guard !overflow, product <= largestSize else {
        throw .malformed(
          path: path, expected: "at most \(largestSize) values", found: "a header that declares \(text)")
      }
      size = product
    }
    return size
  }
}
