import Files
import FoundationEssentials

/// What the segments of a JPEG say, looked at before any memory is taken for pixels: its size, its colours,
/// and how it is to be shown.
///
/// Does not look behind the beginning of the first scan: TurboJPEG does, and says whether the rows are whole.
struct JPEGStructure {
  let width, height: Int
  /// Values of a pixel: 1, 3 or 4.
  let components: Int
  let hasProfile: Bool
  let orientation: Orientation

  init(_ data: Data, path: String) throws(FileError) {
    guard data.starts(with: [0xFF, 0xD8, 0xFF]) else {
      throw .malformed(
        path: path, expected: "a JPEG picture",
        found: FileKind.found(data.prefix(FileKind.startSize), path: path, wanted: .picture))
    }
    let bytes = [UInt8](data)
    let segments = try Self.segments(of: bytes, path: path)
    func content(_ marker: UInt8, beginning: String) -> ArraySlice<UInt8>? {
      segments.first { $0.marker == marker && $0.content.starts(with: beginning.utf8) }?.content
    }
    guard let frame = segments.first(where: { Self.frames.contains($0.marker) })?.content, frame.count >= 6
    else { throw Self.truncated(bytes, path: path) }
    func byte(_ index: Int) -> Int { Int(frame[frame.startIndex + index]) }
    components = byte(5)
    guard byte(0) == 8, [1, 3, 4].contains(components) else {
      throw .malformed(
        path: path, expected: "a JPEG of 8 bits in grey, three or four colours",
        found: "\(byte(0)) bits in \(components) components")
    }
    (height, width) = (byte(1) << 8 | byte(2), byte(3) << 8 | byte(4))
    try Picture.check(width: width, height: height, path: path)
    hasProfile = content(0xE2, beginning: "ICC_PROFILE\0") != nil
    orientation = content(0xE1, beginning: "Exif\0\0").map { Orientation(exif: $0.dropFirst(6)) } ?? .upright
  }

  /// The frames of all processes; the numbers between them are tables.
  private static let frames = Set<UInt8>(0xC0...0xCF).subtracting([0xC4, 0xC8, 0xCC])
  private static let (startOfScan, endOfImage): (UInt8, UInt8) = (0xDA, 0xD9)
  private static let restarts: ClosedRange<UInt8> = 0xD0...0xD7

  /// Walks the segments to the end of the image: any number of 0xFF, the marker, the length, the content, and
  /// after the head of a scan its bytes, in which 0xFF stands before 0 or the number of a restart.
  private static func segments(
    of bytes: [UInt8], path: String
  ) throws(FileError) -> [(marker: UInt8, content: ArraySlice<UInt8>)] {
    var segments: [(marker: UInt8, content: ArraySlice<UInt8>)] = []
    var position = 2
    while true {
      guard let start = bytes[position...].firstIndex(where: { $0 != 0xFF }), start > position else {
        throw truncated(bytes, path: path)
      }
      if bytes[start] == endOfImage { return segments }
      guard start + 2 < bytes.count else { throw truncated(bytes, path: path) }
      let end = start + 1 + (Int(bytes[start + 1]) << 8 | Int(bytes[start + 2]))
      guard end >= start + 3, end <= bytes.count else { throw truncated(bytes, path: path) }
      segments.append((bytes[start], bytes[start + 3..<end]))
      position = bytes[start] == startOfScan ? endOfScan(from: end, in: bytes) : end
    }
  }

  /// Where the next marker stands that is none of the scan's own.
  private static func endOfScan(from start: Int, in bytes: [UInt8]) -> Int {
    var position = start
    while let found = bytes[position...].firstIndex(of: 0xFF) {
      guard found + 1 < bytes.count else { break }
      if bytes[found + 1] != 0, !restarts.contains(bytes[found + 1]) { return found }
      position = found + 2
    }
    return bytes.count
  }

  private static func truncated(_ bytes: [UInt8], path: String) -> FileError {
    .malformed(path: path, expected: "a whole JPEG", found: "one that ends early, after \(bytes.count) bytes")
  }
}
