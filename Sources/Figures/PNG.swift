import CPNG
import Files
import Foundation

/// PNG bytes to and from ``Bitmap``, through libpng's simplified interface.
///
/// Reads every PNG that libpng knows (palettes, 16 bits and transparency become 8-bit grey or RGB on
/// white) and writes 8-bit grey or RGB without metadata or time: the same bitmap gives the same bytes.
public enum PNG {
  /// The largest picture that is read, in pixels. More is taken for a mistake or an attack.
  public static let maximumPixels = 64 << 20

  /// - Parameter path: the file that the bytes are meant for; only named in an error.
  /// - Throws: ``FileError/unwritable(path:reason:)`` when libpng refuses, e.g. for want of memory.
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

  /// - Parameter path: where the bytes came from; only named in an error.
  /// - Returns: a grey bitmap for a grey file, RGB for every other.
  /// - Throws: ``FileError/malformed(path:expected:found:)`` for anything but one whole PNG.
  public static func decode(_ data: Data, path: String) throws(FileError) -> Bitmap {
    try PNGStructure.check(data, path: path)
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }

    // libpng keeps the address between the two calls, so both happen while it is valid.
    let pixels: [UInt8]? = data.withUnsafeBytes { bytes in
      guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else { return nil }
      // Unless told, libpng takes 16 bits for linear light, and brightens what others show as it is.
      image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
      let isColor = image.format & png_uint_32(PNG_FORMAT_FLAG_COLOR) != 0
      image.format = format(channels: isColor ? 3 : 1)
      var white = png_color(red: 255, green: 255, blue: 255)
      var pixels = [UInt8](repeating: 0, count: Int(image.width) * Int(image.height) * (isColor ? 3 : 1))
      // Warnings so far are about side information. One from here on, such as more rows than the header
      // says, means that the pixels are not what they should be.
      image.warning_or_error = 0
      let isRead = png_image_finish_read(&image, &white, &pixels, 0, nil) != 0
      return isRead && image.warning_or_error == 0 ? pixels : nil
    }
    guard let pixels else {
      throw .malformed(path: path, expected: "a PNG picture", found: "a damaged one (\(message(of: image)))")
    }
    let (width, height) = (Int(image.width), Int(image.height))
    return Bitmap(width: width, height: height, channels: pixels.count / (width * height), pixels: pixels)
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
