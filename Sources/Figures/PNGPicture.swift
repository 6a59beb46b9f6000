import CPNG
import Files
import Foundation

/// A PNG as it was read: its samples as they are stored, in eight bits, and what the file says beyond them.
///
/// Fewer than eight bits are widened, of sixteen the upper eight are kept, palettes become RGB. Transparency
/// is laid over black: a pixel that is not there is 0. How a file wants to be shown (gAMA, sRGB, cHRM, iCCP,
/// bKGD) changes no sample.
public struct PNGPicture: Sendable, Equatable {
  /// Grey for a grey file, RGB for every other.
  public let bitmap: Bitmap
  /// Whether a pixel is not wholly opaque.
  public let isTransparent: Bool
  /// The gamma that the file was written for, where it states another one than sRGB's 1/2.2.
  public let gamma: Double?
  /// Whether the file brings a colour profile.
  public let hasProfile: Bool

  /// - Parameter path: where the bytes came from; only named in an error.
  /// - Throws: ``FileError/malformed(path:expected:found:)`` for anything but one whole PNG.
  public init(_ data: Data, path: String) throws(FileError) {
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
    let hasAlpha = channels == 2 || channels == 4
    isTransparent = hasAlpha && Self.layOverBlack(&samples, channels: channels)
    bitmap = Bitmap(
      width: width, height: height, channels: hasAlpha ? channels - 1 : channels, pixels: samples)
    gamma = structure.gamma
    hasProfile = structure.hasProfile
  }

  /// Takes the last channel, alpha, out of the samples; each colour becomes colour · alpha / 255, rounded.
  ///
  /// - Returns: whether a pixel was not wholly opaque.
  private static func layOverBlack(_ samples: inout [UInt8], channels: Int) -> Bool {
    let colors = channels - 1
    let count = samples.count / channels
    var isTransparent = false
    samples.withUnsafeMutableBufferPointer { samples in
      for pixel in 0..<count {
        let alpha = Int(samples[pixel * channels + colors])
        if alpha < 255 { isTransparent = true }
        for color in 0..<colors {
          samples[pixel * colors + color] = UInt8(
            (Int(samples[pixel * channels + color]) * alpha + 127) / 255)
        }
      }
    }
    samples.removeLast(count)
    return isTransparent
  }
}
