import Files
import FoundationEssentials

/// A piece of a remote file.
public struct DownloadPiece: Sendable {
  /// Where in the file the bytes belong.
  public let offset: Int
  /// What the file holds there; empty behind its end.
  public let bytes: Data
  /// The size of the whole file.
  public let total: Int

  /// The bytes from `offset` on of a file of `total` bytes.
  public init(offset: Int, bytes: Data, total: Int) {
    self.offset = offset
    self.bytes = bytes
    self.total = total
  }
}

/// How ``Download`` reaches the network; tests bring their own.
public protocol DownloadTransport: Sendable {
  /// The bytes of `range`, or as many of them as there are.
  ///
  /// A server that cannot send parts sends the whole file, with the offset 0. If the file ends before
  /// `range`, the piece is empty.
  ///
  /// - Throws: `FileError.unreadable(path:reason:)` with the address.
  func fetch(_ url: URL, range: Range<Int>) throws(FileError) -> DownloadPiece
}

/// HTTP range requests (RFC 9110, section 14) with libcurl.
///
/// Holds one response in memory: a piece, or the whole file where the server does not know ranges.
public struct HTTPTransport: DownloadTransport {
  private let timeout: Double

  /// A transport that gives up on a silent server.
  ///
  /// - Parameter timeout: how many seconds to wait for a sign of the server.
  public init(timeout: Double = 30) {
    self.timeout = timeout
  }

  /// The bytes of `range`, or the whole file; see ``DownloadTransport/fetch(_:range:)``.
  ///
  /// - Throws: `FileError.unreadable(path:reason:)` with the address, where there is no libcurl, no answer,
  ///   or another answer than the bytes.
  public func fetch(_ url: URL, range: Range<Int>) throws(FileError) -> DownloadPiece {
    let answer: Curl.Answer
    do {
      answer = try Curl.loaded.get().get(url.absoluteString, range: range, timeout: timeout)
    } catch {
      throw .unreadable(path: url.absoluteString, reason: error.reason)
    }
    let header = answer.headers["content-range"] ?? ""
    switch answer.status {
    case 200:
      return DownloadPiece(offset: 0, bytes: answer.body, total: answer.body.count)
    case 206:
      guard let match = header.wholeMatch(of: /bytes (\d+)-\d+\/(\d+)/),
        let offset = Int(match.1), let total = Int(match.2)
      else {
        throw .unreadable(path: url.absoluteString, reason: "the server sent Content-Range '\(header)'")
      }
      return DownloadPiece(offset: offset, bytes: answer.body, total: total)
    case 416:
      // Nothing is left from here on. A server that does not say how long the file is makes the caller start
      // over.
      let total = header.wholeMatch(of: /bytes \*\/(\d+)/).flatMap { Int($0.1) } ?? 0
      return DownloadPiece(offset: range.lowerBound, bytes: Data(), total: total)
    default:
      throw .unreadable(path: url.absoluteString, reason: "the server answered \(answer.status)")
    }
  }
}
