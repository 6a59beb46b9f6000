import CPNG
import Files
import FoundationEssentials

/// PNG bytes to and from ``Bitmap``, through libpng.
///
/// Reads every PNG that libpng knows (``Picture``) and writes 8-bit grey or RGB without metadata or time:
/// the same bitmap gives the same bytes.
public enum PNG {
  /// The bytes of a PNG file.
  ///
  /// - Parameters:
  ///   - bitmap: written as grey where it has one channel, as RGB where it has three.
  ///   - path: the file that the bytes are meant for; only named in an error.
  /// - Throws: `FileError.unwritable(path:reason:)` when libpng refuses, e.g. for want of memory.
  public static func encode(_ bitmap: Bitmap, path: String = "PNG") throws(FileError) -> Data {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    image.width = png_uint_32(bitmap.width)
    image.height = png_uint_32(bitmap.height)
    image.format = format(channels: bitmap.channels)
    defer { png_image_free(&image) }

    // Without memory to write to, libpng only counts the bytes.
    var size = 0
    guard png_image_write_to_memory(&image, nil, &size, 0, bitmap.pixels, 0, nil) != 0 else {
      throw .unwritable(path: path, reason: message(of: image))
    }
    var data = Data(count: size)
    let written = data.withUnsafeMutableBytes { bytes in
      png_image_write_to_memory(&image, bytes.baseAddress, &size, 0, bitmap.pixels, 0, nil)
    }
    guard written != 0 else { throw .unwritable(path: path, reason: message(of: image)) }
    return data
  }

  /// The picture that a PNG file holds.
  ///
  /// - Parameters:
  ///   - data: the bytes of the file.
  ///   - path: where the bytes came from; only named in an error.
  ///   - background: what transparency is laid over.
  /// - Throws: `FileError.malformed(path:expected:found:)` for anything but one whole PNG.
  public static func picture(
    _ data: Data, path: String, background: Color = .black
  ) throws(FileError) -> Picture {
    let structure = try PNGStructure(data, path: path)
    let (width, height, channels) = (structure.width, structure.height, structure.channels)
    var samples = [UInt8](repeating: 0, count: width * height * channels)
    let damage: String? = data.withUnsafeBytes { bytes in
      var reading = assay_png_reading()
      reading.bytes = bytes.bindMemory(to: UInt8.self).baseAddress
      reading.left = bytes.count
      guard assay_png_read(&reading, &samples, height, width * channels) == 0 else { return nil }
      return withUnsafeBytes(of: reading.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    if let damage {
      throw .malformed(path: path, expected: "a PNG picture", found: "a damaged one (\(damage))")
    }
    let layers = TransparentSamples(samples, channels: channels)
    return Picture(
      Bitmap(
        width: width, height: height, channels: layers.channelsOver(background),
        pixels: layers.laidOver(background)),
      isTransparent: layers.isTransparent, gamma: structure.gamma, hasProfile: structure.hasProfile,
      orientation: structure.orientation)
  }

  /// The samples of ``picture(_:path:background:)`` without what else there is to know of it; transparency is
  /// laid over black.
  ///
  /// - Throws: as ``picture(_:path:background:)``.
  public static func decode(_ data: Data, path: String) throws(FileError) -> Bitmap {
    try picture(data, path: path).bitmap
  }

  private static func format(channels: Int) -> png_uint_32 {
    png_uint_32(channels == 3 ? PNG_FORMAT_FLAG_COLOR : 0)
  }

  private static func message(of image: png_image) -> String {
    withUnsafeBytes(of: image.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
