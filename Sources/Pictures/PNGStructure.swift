import Files
import FoundationEssentials
import Glibc

/// What the chunks of a PNG say, looked at before any memory is taken for pixels: whether the bytes are one
/// whole PNG of a believable size, and how its samples are stored.
///
/// libpng stops reading at the last row, so it misses a file that was cut off behind it; and it trusts the
/// header, which may claim more pixels than the file can hold. Does not check the compressed rows or the
/// checksums: libpng does.
struct PNGStructure {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  /// DEFLATE cannot shrink anything by more than this.
  private static let largestRatio = 1032
  /// 1/2.2 as the gAMA chunk writes it.
  private static let sRGBGamma = 45455

  let width, height: Int
  /// Of a sample that was read: colours, and alpha where the file has any transparency.
  let channels: Int
  /// The gamma that the file states, where it is another one than sRGB's.
  let gamma: Double?
  /// Whether there is a colour profile.
  let hasProfile: Bool
  let orientation: Orientation

  init(_ data: Data, path: String) throws(FileError) {
    guard data.starts(with: Self.signature) else {
      throw .malformed(
        path: path, expected: "a PNG picture", found: FileKind.found(data, path: path, wanted: .picture))
    }
    let bytes = [UInt8](data)
    let chunks = try Self.chunks(bytes, path: path)
    (width, height) = try Self.size(bytes, path: path)
    let hasTransparentColors = chunks.contains { $0.type == "tRNS" }
    switch bytes[25] {
    case 0: channels = hasTransparentColors ? 2 : 1
    case 2, 3: channels = hasTransparentColors ? 4 : 3
    case 4: channels = 2
    case 6: channels = 4
    default: throw .malformed(path: path, expected: "a PNG picture", found: "the color type \(bytes[25])")
    }
    hasProfile = chunks.contains { $0.type == "iCCP" }
    let exif = chunks.first { $0.type == "eXIf" }
    orientation = exif.map { Orientation(exif: bytes[$0.start..<$0.start + $0.length]) } ?? .upright
    let stated = chunks.first { $0.type == "gAMA" && $0.length == 4 }.map {
      Self.number(in: bytes, at: $0.start)
    }
    // sRGB overrides gAMA.
    let isOverridden = chunks.contains { $0.type == "sRGB" }
    gamma =
      isOverridden
      ? nil : stated.flatMap { abs($0 - Self.sRGBGamma) < Self.sRGBGamma / 50 ? nil : Double($0) / 100_000 }
  }

  /// Walks the chunks: length, type, content, checksum; the first is IHDR, the last IEND.
  private static func chunks(
    _ bytes: [UInt8], path: String
  ) throws(FileError) -> [(type: String, start: Int, length: Int)] {
    var position = signature.count
    var chunks: [(type: String, start: Int, length: Int)] = []
    while chunks.last?.type != "IEND" {
      guard position + 12 <= bytes.count else { throw truncated(bytes, path: path) }
      let length = number(in: bytes, at: position)
      let type = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
      guard !chunks.isEmpty || (type == "IHDR" && length == 13) else {
        throw .malformed(path: path, expected: "a PNG that begins with its header", found: "none")
      }
      chunks.append((type, position + 8, length))
      position += 12 + length
      guard position <= bytes.count else { throw truncated(bytes, path: path) }
    }
    return chunks
  }

  private static func size(_ bytes: [UInt8], path: String) throws(FileError) -> (width: Int, height: Int) {
    let width = number(in: bytes, at: 16)
    let height = number(in: bytes, at: 20)
    try Picture.check(width: width, height: height, path: path)
    // A row takes at least one bit a pixel and its filter byte.
    let leastBytes = height * (1 + width / 8)
    guard leastBytes <= bytes.count * largestRatio else {
      throw .malformed(
        path: path, expected: "\(width) × \(height) pixels as its header says", found: "\(bytes.count) bytes")
    }
    return (width, height)
  }

  private static func truncated(_ bytes: [UInt8], path: String) -> FileError {
    .malformed(path: path, expected: "a whole PNG", found: "one that ends early, after \(bytes.count) bytes")
  }

  private static func number(in bytes: [UInt8], at start: Int) -> Int {
    bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}
