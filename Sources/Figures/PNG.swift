import CPNG
import Files
import Foundation

/// PNG bytes to and from ``Bitmap``, through libpng.
///
/// Reads every PNG that libpng knows (``PNGPicture``) and writes 8-bit grey or RGB without metadata or time:
/// the same bitmap gives the same bytes.
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

  /// The samples of ``PNGPicture`` without what else there is to know of it.
  ///
  /// - Parameter path: where the bytes came from; only named in an error.
  /// - Throws: ``FileError/malformed(path:expected:found:)`` for anything but one whole PNG.
  public static func decode(_ data: Data, path: String) throws(FileError) -> Bitmap {
    try PNGPicture(data, path: path).bitmap
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
