import CTurboJPEG
import Files
import FoundationEssentials

/// JPEG bytes to ``Picture``, through TurboJPEG.
///
/// Reads baseline and progressive files of eight bits: grey, YCbCr, RGB, CMYK and YCCK, with the slow, exact
/// transform and smooth upsampling, as Pillow does. Does not write: what a classifier is to see must not have
/// lost anything on the way.
public enum JPEG {
  /// The picture that a JPEG file holds.
  ///
  /// - Parameters:
  ///   - data: the bytes of the file.
  ///   - path: where the bytes came from; only named in an error.
  /// - Throws: `FileError.malformed(path:expected:found:)` for anything but one whole JPEG, and
  ///   `FileError.unreadable(path:reason:)` where there is no memory to decode it.
  public static func picture(_ data: Data, path: String) throws(FileError) -> Picture {
    let structure = try JPEGStructure(data, path: path)
    let (width, height) = (structure.width, structure.height)
    let (format, channels) =
      switch structure.components {
      case 1: (TJPF_GRAY, 1)
      case 4: (TJPF_CMYK, 4)
      default: (TJPF_RGB, 3)
      }
    guard let decoder = tjInitDecompress() else {
      throw .unreadable(path: path, reason: "there is no memory for a decoder")
    }
    defer { tjDestroy(decoder) }
    var samples = [UInt8](repeating: 0, count: width * height * channels)
    let isRead = data.withUnsafeBytes { bytes in
      tjDecompress2(
        decoder, bytes.bindMemory(to: UInt8.self).baseAddress, UInt(bytes.count), &samples, Int32(width), 0,
        Int32(height), format.rawValue, TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS) == 0
    }
    if !isRead {
      let message = tjGetErrorStr2(decoder).map { String(cString: $0) } ?? "unknown damage"
      // Other warnings are about what stands between the rows, which are whole.
      let isWarning = tjGetErrorCode(decoder) == TJERR_WARNING.rawValue
      guard isWarning, !message.hasPrefix("Premature end"), !message.hasPrefix("Corrupt JPEG data") else {
        throw .malformed(path: path, expected: "a JPEG picture", found: "a damaged one (\(message))")
      }
    }
    if channels == 4 { samples = colors(ofCMYK: samples) }
    return Picture(
      Bitmap(width: width, height: height, channels: min(channels, 3), pixels: samples),
      hasProfile: structure.hasProfile, orientation: structure.orientation)
  }

  /// Red is (255 - cyan)·(255 - black) / 255, rounded, and so on: the colour without any profile. Files of
  /// four inks store 255 for none, as Adobe's programs began to, and as Pillow and the browsers expect.
  private static func colors(ofCMYK samples: [UInt8]) -> [UInt8] {
    var colors: [UInt8] = []
    colors.reserveCapacity(samples.count / 4 * 3)
    for start in stride(from: 0, to: samples.count, by: 4) {
      let light = Int(samples[start + 3])
      for ink in start..<start + 3 { colors.append(UInt8((Int(samples[ink]) * light + 127) / 255)) }
    }
    return colors
  }
}
