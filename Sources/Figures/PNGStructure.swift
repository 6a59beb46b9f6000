import Files
import Foundation

/// Whether bytes are one whole PNG of a believable size, looked at before any memory is taken for pixels.
///
/// libpng stops reading at the last row, so it misses a file that was cut off behind it; and it trusts the
/// header, which may claim more pixels than the file can hold. Does not check the compressed rows or the
/// checksums: libpng does.
enum PNGStructure {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  /// DEFLATE cannot shrink anything by more than this.
  private static let largestRatio = 1032

  static func check(_ data: Data, path: String) throws(FileError) {
    guard data.starts(with: signature) else {
      throw .malformed(
        path: path, expected: "a PNG picture", found: FileKind.found(data, path: path, wanted: .picture))
    }
    let bytes = [UInt8](data)
    try checkChunks(bytes, path: path)
    try checkSize(bytes, path: path)
  }

  /// Walks the chunks: length, type, content, checksum; the first is IHDR, the last IEND.
  private static func checkChunks(_ bytes: [UInt8], path: String) throws(FileError) {
    var position = signature.count
    var type = ""
    while type != "IEND" {
      guard position + 12 <= bytes.count else { throw truncated(bytes, path: path) }
      let length = number(in: bytes, at: position)
      let isFirst = position == signature.count
      type = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
      guard !isFirst || (type == "IHDR" && length == 13) else {
        throw .malformed(path: path, expected: "a PNG that begins with its header", found: "none")
      }
      position += 12 + length
      guard position <= bytes.count else { throw truncated(bytes, path: path) }
    }
  }

  private static func checkSize(_ bytes: [UInt8], path: String) throws(FileError) {
    let width = number(in: bytes, at: 16)
    let height = number(in: bytes, at: 20)
    let size = "\(width) × \(height)"
    guard width > 0, height > 0, width <= PNG.maximumPixels / height else {
      throw .malformed(path: path, expected: "at most \(PNG.maximumPixels) pixels", found: size)
    }
    // A row takes at least one bit a pixel and its filter byte.
    let leastBytes = height * (1 + width / 8)
    guard leastBytes <= bytes.count * largestRatio else {
      throw .malformed(
        path: path, expected: "\(size) pixels as its header says", found: "\(bytes.count) bytes")
    }
  }

  private static func truncated(_ bytes: [UInt8], path: String) -> FileError {
    .malformed(path: path, expected: "a whole PNG", found: "one that ends early, after \(bytes.count) bytes")
  }

  private static func number(in bytes: [UInt8], at start: Int) -> Int {
    bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}
