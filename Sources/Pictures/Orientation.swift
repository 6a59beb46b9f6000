/// How the rows of a picture have to be turned before it is shown: the orientation of EXIF (2.3, section
/// 4.6.4), by its number.
public enum Orientation: Int, Sendable, CaseIterable {
  /// As the rows are stored.
  case upright = 1
  /// Left and right exchanged.
  case mirrored = 2
  /// By 180 degrees.
  case upsideDown = 3
  /// Top and bottom exchanged.
  case flipped = 4
  /// Rows become columns.
  case transposed = 5
  /// By 90 degrees clockwise.
  case clockwise = 6
  /// Rows become columns, from the lower right corner.
  case transversed = 7
  /// By 90 degrees counterclockwise.
  case counterclockwise = 8

  var exchangesSides: Bool { rawValue >= 5 }

  /// What the block of an EXIF (a TIFF header and its fields) says; upright where it says nothing or is
  /// damaged, for the pixels are there all the same.
  package init(exif block: ArraySlice<UInt8>) {
    self = Self.stated(in: Array(block)) ?? .upright
  }

  private static func stated(in block: [UInt8]) -> Orientation? {
    let isLittle = block.starts(with: [0x49, 0x49, 0x2A, 0])
    guard isLittle || block.starts(with: [0x4D, 0x4D, 0, 0x2A]) else { return nil }
    func number(at place: Int, _ count: Int) -> Int? {
      guard place >= 0, place + count <= block.count else { return nil }
      let bytes = block[place..<place + count]
      return (isLittle ? Array(bytes.reversed()) : Array(bytes)).reduce(0) { $0 << 8 | Int($1) }
    }
    guard let first = number(at: 4, 4), let count = number(at: first, 2) else { return nil }
    for field in 0..<count {
      let place = first + 2 + 12 * field
      guard let tag = number(at: place, 2) else { return nil }
      // The orientation, one short number.
      if tag == 0x0112, number(at: place + 2, 2) == 3 {
        return number(at: place + 8, 2).flatMap(Orientation.init)
      }
    }
    return nil
  }
}

extension Bitmap {
  /// The picture as it is to be shown.
  public func turned(_ orientation: Orientation) -> Bitmap {
    guard orientation != .upright else { return self }
    let (newWidth, newHeight) = orientation.exchangesSides ? (height, width) : (width, height)
    var result = [UInt8](repeating: 0, count: pixels.count)
    for y in 0..<newHeight {
      for x in 0..<newWidth {
        let (fromX, fromY) =
          switch orientation {
          case .upright: (x, y)
          case .mirrored: (width - 1 - x, y)
          case .upsideDown: (width - 1 - x, height - 1 - y)
          case .flipped: (x, height - 1 - y)
          case .transposed: (y, x)
          case .clockwise: (y, height - 1 - x)
          case .transversed: (width - 1 - y, height - 1 - x)
          case .counterclockwise: (width - 1 - y, x)
          }
        for channel in 0..<channels {
          result[(y * newWidth + x) * channels + channel] =
            pixels[(fromY * width + fromX) * channels + channel]
        }
      }
    }
    return Bitmap(width: newWidth, height: newHeight, channels: channels, pixels: result)
  }
}
