import Files
import FoundationEssentials

/// A picture as it was read from a PNG or JPEG: its samples as they are stored, in eight bits, and what the
/// file says beyond them.
///
/// Which of the two it is, the first bytes say and not the name. Fewer than eight bits are widened, of
/// sixteen the upper eight are kept, palettes and CMYK become RGB. What is transparent is laid over a
/// background. A picture that its file says is to be turned or mirrored is (EXIF orientation). How a file
/// wants to be shown otherwise (gAMA, sRGB, cHRM, iCCP, bKGD) changes no sample. Of an animation the first
/// frame is taken.
public struct Picture: Sendable, Equatable {
  /// Grey for a grey file (unless it is laid over a colour), RGB for every other.
  public let bitmap: Bitmap
  /// Whether a pixel is not wholly opaque.
  public let isTransparent: Bool
  /// The gamma that the file was written for, where it states another one than sRGB's 1/2.2.
  public let gamma: Double?
  /// Whether the file brings a colour profile.
  public let hasProfile: Bool
  /// Whether the file says to turn or mirror its rows.
  public let isTurned: Bool

  init(
    _ bitmap: Bitmap, isTransparent: Bool = false, gamma: Double? = nil, hasProfile: Bool,
    orientation: Orientation
  ) {
    self.bitmap = bitmap.turned(orientation)
    self.isTransparent = isTransparent
    self.gamma = gamma
    self.hasProfile = hasProfile
    isTurned = orientation != .upright
  }

  /// The largest picture that is read, in pixels. More is taken for a mistake or an attack.
  public static let maximumPixels = 64 << 20

  /// Reads a PNG or JPEG file.
  ///
  /// - Parameters:
  ///   - data: the bytes of the file.
  ///   - path: where the bytes came from; only named in an error.
  ///   - background: what transparency is laid over.
  /// - Throws: `FileError.malformed(path:expected:found:)` for anything but one whole PNG or JPEG, and for
  ///   one of more than ``maximumPixels``; `FileError.unreadable(path:reason:)` where there is no memory to
  ///   decode a JPEG.
  public init(_ data: Data, path: String, background: Color = .black) throws(FileError) {
    switch FileKind(start: data.prefix(FileKind.startSize), path: path) {
    case .png?: self = try PNG.picture(data, path: path, background: background)
    case .jpeg?: self = try JPEG.picture(data, path: path)
    default:
      throw .malformed(
        path: path, expected: "a PNG or JPEG picture",
        found: FileKind.found(data.prefix(FileKind.startSize), path: path, wanted: .picture))
    }
  }

  /// - Throws: ``FileError/malformed(path:expected:found:)`` for a size that nobody means.
  static func check(width: Int, height: Int, path: String) throws(FileError) {
    guard width > 0, height > 0, width <= maximumPixels / height else {
      throw .malformed(
        path: path, expected: "at most \(maximumPixels) pixels", found: "\(width) × \(height)")
    }
  }
}
