import CZlib
import Foundation

/// zlib did not do what was asked.
package struct CompressionFailed: Error {}

/// `content` as one gzip member, made by zlib itself.
package func gzip(_ content: [UInt8]) throws(CompressionFailed) -> Data {
  var input = content
  var output = [UInt8](repeating: 0, count: Int(compressBound(UInt(content.count))) + 64)
  let count: Int = input.withUnsafeMutableBufferPointer { input in
    output.withUnsafeMutableBufferPointer { output in
      var state = z_stream()
      return withUnsafeMutablePointer(to: &state) { stream in
        deflateInit2_(
          stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
          Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(stream) }
        stream.pointee.next_in = input.baseAddress
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        return deflate(stream, Z_FINISH) == Z_STREAM_END ? Int(stream.pointee.total_out) : 0
      }
    }
  }
  guard count > 0 else { throw CompressionFailed() }
  return Data(output.prefix(count))
}

/// The bytes of an IDX file with this header, whether `values` fit it or not.
package func idx(_ shape: [Int], _ values: [UInt8], type: UInt8 = 8) -> [UInt8] {
  let dimensions = shape.flatMap { size in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: size >> $0) } }
  return [0, 0, type, UInt8(shape.count)] + dimensions + values
}
