import CZlib
import Files
import FoundationEssentials

/// Takes gzip files (RFC 1952) apart, with the system's zlib.
///
/// A gzip file is one or more members, each a header of at least 10 bytes that starts with 1f 8b, a deflate
/// stream, and a trailer of 8 bytes: CRC-32 and length of the content, both checked. The contents of several
/// members follow one another, as in gzip(1). Data that does not start with 1f 8b is taken as it is, so that
/// a reader accepts a file whether it was unpacked or not.
///
/// The caller says how many bytes it wants. No more than that, and one byte to notice that there is more,
/// is ever inflated, whatever the file contains. Does not compress.
public enum Gunzip {
  /// The first bytes of the content, at most `count`; fewer only where the content ends earlier.
  ///
  /// - Throws: `FileError.malformed(path:expected:found:)` with `path` if the stream is cut off or damaged
  ///   before that.
  public static func start(of data: Data, count: Int, path: String) throws(FileError) -> [UInt8] {
    let (content, ending) = inflate(data, capacity: count)
    switch ending {
    case .complete, .full: return content
    case .failed(let found):
      throw .malformed(path: path, expected: "an intact gzip stream", found: found)
    }
  }

  /// The whole content, which must be exactly `size` bytes.
  ///
  /// - Throws: `FileError.malformed(path:expected:found:)` with `path` if the content is shorter or longer,
  ///   the stream is cut off or damaged, or something else follows it.
  public static func content(of data: Data, size: Int, path: String) throws(FileError) -> [UInt8] {
    let (content, ending) = inflate(data, capacity: size + 1)
    let found: String
    switch ending {
    case .complete where content.count == size: return content
    case .complete: found = "\(content.count) bytes"
    case .full: found = "more"
    case .failed(let reason): found = reason
    }
    throw .malformed(path: path, expected: "\(size) bytes of content", found: found)
  }

  private enum Ending {
    /// The content ended, and the data with it.
    case complete
    /// The capacity is used up.
    case full
    /// What was found instead of a gzip stream.
    case failed(String)
  }

  private static func inflate(_ data: Data, capacity: Int) -> (content: [UInt8], ending: Ending) {
    guard isGzip(data) else {
      return (Array(data.prefix(capacity)), data.count <= capacity ? .complete : .full)
    }
    var ending = Ending.complete
    let content = [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
      data.withUnsafeBytes { input in
        ending = inflate(UnsafeRawBufferPointer(input), into: output, count: &count)
      }
    }
    return (content, ending)
  }

  private static func isGzip(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: [0x1f, 0x8b])
  }

  /// Inflates member after member until the input ends, the output is full, or something is wrong.
  private static func inflate(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableBufferPointer<UInt8>, count: inout Int
  ) -> Ending {
    var state = z_stream()
    // zlib keeps the address of its state, so the state stays in one place for the whole work.
    return withUnsafeMutablePointer(to: &state) { stream in
      let gzipOnly = MAX_WBITS + 16
      let size = Int32(MemoryLayout<z_stream>.size)
      guard inflateInit2_(stream, gzipOnly, ZLIB_VERSION, size) == Z_OK else {
        return .failed("no memory to inflate it")
      }
      defer { inflateEnd(stream) }

      var consumed = 0
      while true {
        // zlib counts in 32 bits.
        let offered = min(input.count - consumed, 1 << 30)
        let room = min(output.count - count, 1 << 30)
        let next = input.baseAddress?.advanced(by: consumed).assumingMemoryBound(to: UInt8.self)
        stream.pointee.next_in = UnsafeMutablePointer(mutating: next)
        stream.pointee.avail_in = UInt32(offered)
        stream.pointee.next_out = output.baseAddress?.advanced(by: count)
        stream.pointee.avail_out = UInt32(room)
        let status = CZlib.inflate(stream, Z_NO_FLUSH)
        consumed += offered - Int(stream.pointee.avail_in)
        count += room - Int(stream.pointee.avail_out)

        switch status {
        case Z_STREAM_END:
          if consumed == input.count { return .complete }
          let rest = input[consumed...]
          guard isGzip(rest) else { return .failed("\(rest.count) bytes after the end of its gzip stream") }
          inflateReset(stream)
        case Z_OK, Z_BUF_ERROR:
          if count == output.count { return .full }
          if consumed == input.count {
            return .failed("a gzip stream that is cut off after \(count) bytes of content")
          }
        default:
          let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(status)"
          return .failed("a damaged gzip stream (\(reason))")
        }
      }
    }
  }
}
