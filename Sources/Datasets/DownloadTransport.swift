import Files
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

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
  /// - Throws: ``FileError/unreadable(path:reason:)`` with the address.
  func fetch(_ url: URL, range: Range<Int>) throws(FileError) -> DownloadPiece
}

/// HTTP range requests (RFC 9110, section 14) with Foundation's URLSession.
///
/// Holds one response in memory: a piece, or the whole file where the server does not know ranges.
public struct HTTPTransport: DownloadTransport {
  private let timeout: Double

  /// Requests that are given up after `timeout` seconds of silence.
  ///
  /// - Parameter timeout: how many seconds to wait for a sign of the server.
  public init(timeout: Double = 30) {
    self.timeout = timeout
  }

  /// Asks for a part of the file, and takes all of it from a server that sends no parts. Blocks.
  ///
  /// - Throws: ``FileError/unreadable(path:reason:)`` with the address where there is no answer, and for any
  ///   answer that is neither a part nor the whole.
  public func fetch(_ url: URL, range: Range<Int>) throws(FileError) -> DownloadPiece {
    var request = URLRequest(url: url, cachePolicy: .reloadIgnoringLocalCacheData, timeoutInterval: timeout)
    request.setValue("bytes=\(range.lowerBound)-\(range.upperBound - 1)", forHTTPHeaderField: "Range")
    // The bytes as they are stored, so that offsets mean what they say.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    let (body, response) = try send(request, url)

    let header = response.value(forHTTPHeaderField: "Content-Range") ?? ""
    switch response.statusCode {
    case 200:
      return DownloadPiece(offset: 0, bytes: body, total: body.count)
    case 206:
      guard let match = header.wholeMatch(of: /bytes (\d+)-\d+\/(\d+)/),
        let offset = Int(match.1), let total = Int(match.2)
      else {
        throw .unreadable(path: url.absoluteString, reason: "the server sent Content-Range '\(header)'")
      }
      return DownloadPiece(offset: offset, bytes: body, total: total)
    case 416:
      // Nothing is left from here on. A server that does not say how long the file is makes the caller start
      // over.
      let total = header.wholeMatch(of: /bytes \*\/(\d+)/).flatMap { Int($0.1) } ?? 0
      return DownloadPiece(offset: range.lowerBound, bytes: Data(), total: total)
    default:
      throw .unreadable(path: url.absoluteString, reason: "the server answered \(response.statusCode)")
    }
  }

  private func send(_ request: URLRequest, _ url: URL) throws(FileError) -> (Data, HTTPURLResponse) {
    let answer = Answer()
    let arrived = DispatchSemaphore(value: 0)
    let task = URLSession.shared.dataTask(with: request) { body, response, error in
      answer.value.withLock { $0 = (body, response, error?.localizedDescription) }
      arrived.signal()
    }
    task.resume()
    arrived.wait()
    let (body, response, error) = answer.value.withLock { $0 }
    if let error { throw .unreadable(path: url.absoluteString, reason: error) }
    guard let body, let response = response as? HTTPURLResponse else {
      throw .unreadable(path: url.absoluteString, reason: "not an HTTP address")
    }
    return (body, response)
  }

  /// What came back, handed over from the thread of the session.
  private final class Answer: Sendable {
    let value = Mutex<(body: Data?, response: URLResponse?, error: String?)>((nil, nil, nil))
  }
}
