import CGIF
import Files
import FoundationEssentials
import Glibc
import Pictures

/// Animations as GIF bytes, through giflib.
///
/// Grey frames keep their 256 greys exactly; coloured ones are reduced to 256 colours each. The animation
/// repeats for ever. Writes only.
public enum GIF {
  /// The frames one after the other, each shown for the same time.
  ///
  /// - Parameters:
  ///   - frames: at least one, all of one size, of at most 65,535 pixels a side.
  ///   - secondsPerFrame: in steps of a hundredth, of which it is two at least.
  ///   - path: the file that the bytes are meant for; only named in an error.
  /// - Throws: `FileError/unwritable(path:reason:)` when giflib refuses, e.g. for want of memory.
  public static func encode(
    _ frames: [Bitmap], secondsPerFrame: Double, path: String = "GIF"
  ) throws(FileError) -> Data {
    guard let first = frames.first else { preconditionFailure("GIF: an animation of no frames") }
    precondition(
      frames.allSatisfy { $0.width == first.width && $0.height == first.height }
        && max(first.width, first.height) <= 65_535, "GIF: the frames must have one size of at most 65,535")
    let output = Output()
    var code: Int32 = 0
    let file = EGifOpen(
      Unmanaged.passUnretained(output).toOpaque(),
      { file, bytes, count in
        guard let bytes, let target = file?.pointee.UserData else { return 0 }
        Unmanaged<Output>.fromOpaque(target).takeUnretainedValue().data.append(bytes, count: Int(count))
        return count
      }, &code)
    guard let file else { throw .unwritable(path: path, reason: message(code)) }
    EGifSetGifVersion(file, true)
    let isWritten = writeHeader(file, first) && frames.allSatisfy { write($0, secondsPerFrame, to: file) }
    let failure = isWritten ? 0 : file.pointee.Error
    // Closing writes the last byte, and frees the file whether it can or not.
    let isClosed = EGifCloseFile(file, &code) == GIF_OK
    guard isWritten, isClosed else {
      throw .unwritable(path: path, reason: message(isWritten ? code : failure))
    }
    return withExtendedLifetime(output) { output.data }
  }

  private final class Output {
    var data = Data()
  }

  private static func writeHeader(_ file: UnsafeMutablePointer<GifFileType>, _ frame: Bitmap) -> Bool {
    guard
      let greys = map(of: (0..<256).map { GifColorType(Red: UInt8($0), Green: UInt8($0), Blue: UInt8($0)) })
    else { return false }
    defer { GifFreeMapObject(greys) }
    // Netscape's extension: repeat 0 times, which is for ever.
    var forever: [UInt8] = [1, 0, 0]
    return EGifPutScreenDesc(file, Int32(frame.width), Int32(frame.height), 8, 0, greys) == GIF_OK
      && EGifPutExtensionLeader(file, APPLICATION_EXT_FUNC_CODE) == GIF_OK
      && EGifPutExtensionBlock(file, 11, "NETSCAPE2.0") == GIF_OK
      && EGifPutExtensionBlock(file, 3, &forever) == GIF_OK && EGifPutExtensionTrailer(file) == GIF_OK
  }

  private static func write(
    _ frame: Bitmap, _ seconds: Double, to file: UnsafeMutablePointer<GifFileType>
  ) -> Bool {
    let hundredths = UInt16(min(65_535, max(2, (seconds * 100).rounded())))
    var control: [UInt8] = [0, UInt8(hundredths & 0xFF), UInt8(hundredths >> 8), 0]
    guard EGifPutExtension(file, GRAPHICS_EXT_FUNC_CODE, 4, &control) == GIF_OK else { return false }
    guard let (indices, colors) = reduced(frame) else { return false }
    let own = colors.flatMap { map(of: $0) }
    defer { GifFreeMapObject(own) }
    guard
      EGifPutImageDesc(file, 0, 0, Int32(frame.width), Int32(frame.height), false, own) == GIF_OK
    else { return false }
    var pixels = indices
    return EGifPutLine(file, &pixels, Int32(pixels.count)) == GIF_OK
  }

  /// The frame as indices of 256 colours; without colours of its own where it is grey.
  private static func reduced(_ frame: Bitmap) -> (indices: [UInt8], colors: [GifColorType]?)? {
    let pixels = frame.pixels
    if frame.channels == 1 { return (pixels, nil) }
    func plane(_ channel: Int) -> [UInt8] {
      stride(from: channel, to: pixels.count, by: 3).map { pixels[$0] }
    }
    var (red, green, blue) = (plane(0), plane(1), plane(2))
    if red == green, green == blue { return (red, nil) }
    var indices = [UInt8](repeating: 0, count: frame.width * frame.height)
    var colors = [GifColorType](repeating: GifColorType(), count: 256)
    var count: Int32 = 256
    let isReduced = GifQuantizeBuffer(
      UInt32(frame.width), UInt32(frame.height), &count, &red, &green, &blue, &indices, &colors)
    return isReduced == GIF_OK ? (indices, colors) : nil
  }

  private static func map(of colors: [GifColorType]) -> UnsafeMutablePointer<ColorMapObject>? {
    GifMakeMapObject(Int32(colors.count), colors)
  }

  private static func message(_ code: Int32) -> String {
    GifErrorString(code).map { String(cString: $0) } ?? "giflib refused (\(code))"
  }
}
