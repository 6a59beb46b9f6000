import Datasets
import Files
import Foundation
import Testing

/// Answers every request on a port of this machine with the same bytes, and remembers the last request.
/// Without an answer it holds the port and refuses connections.
private final class LoopbackServer: @unchecked Sendable {
  let port: UInt16
  private let listener: Int32
  private let lock = NSLock()
  private var request = ""

  init(answer: String?) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && getsockname(listener, $0, &size) == 0
      }
    }
    try #require(isBound)
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    guard let answer else { return }
    try #require(listen(listener, 4) == 0)
    Thread.detachNewThread { [self] in serve(answer) }
  }

  var lastRequest: String { lock.withLock { request } }

  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func serve(_ answer: String) {
    while true {
      let connection = accept(listener, nil, nil)
      // Closed by the thread that uses it, so that its number is not given to another server meanwhile.
      guard connection >= 0 else {
        close(listener)
        return
      }
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = recv(connection, &buffer, buffer.count, 0)
      lock.withLock { request = String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self) }
      _ = answer.withCString { send(connection, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
      close(connection)
    }
  }
}

/// The real transport against a real socket. No other machine is needed.
struct HTTPTransportTests {
  private func fetch(answer: String, range: Range<Int> = 4..<8) throws -> (DownloadPiece, request: String) {
    let server = try LoopbackServer(answer: answer)
    defer { server.stop() }
    let url = try #require(URL(string: "http://127.0.0.1:\(server.port)/file.gz"))
    return (try HTTPTransport(timeout: 10).fetch(url, range: range), server.lastRequest)
  }

  private func answer(_ status: String, _ headers: [String], _ body: String) -> String {
    let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.utf8.count)", "Connection: close"] + headers
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
  }

  @Test func partOfAFile() throws {
    let (piece, request) = try fetch(
      answer: answer("206 Partial Content", ["Content-Range: bytes 4-7/10"], "efgh"))
    #expect(piece.offset == 4)
    #expect(piece.bytes == Data("efgh".utf8))
    #expect(piece.total == 10)
    #expect(request.hasPrefix("GET /file.gz HTTP/1.1\r\n"))
    #expect(request.contains("Range: bytes=4-7\r\n"))
  }

  @Test func serverThatIgnoresRanges() throws {
    let (piece, _) = try fetch(answer: answer("200 OK", [], "abcdefghij"))
    #expect(piece.offset == 0)
    #expect(piece.bytes == Data("abcdefghij".utf8))
    #expect(piece.total == 10)
  }

  @Test func nothingIsLeft() throws {
    let (piece, _) = try fetch(
      answer: answer("416 Range Not Satisfiable", ["Content-Range: bytes */4"], "sorry"))
    #expect(piece.offset == 4)
    #expect(piece.bytes.isEmpty)
    #expect(piece.total == 4)
  }

  @Test(arguments: ["404 Not Found", "500 Internal Server Error"])
  func refusal(status: String) throws {
    let error = failure { _ = try fetch(answer: answer(status, [], "sorry")) }
    #expect(error?.description.contains("the server answered \(status.prefix(3))") == true)
  }

  @Test func partWithoutItsPlace() throws {
    let error = failure { _ = try fetch(answer: answer("206 Partial Content", [], "efgh")) }
    #expect(error?.description.contains("Content-Range ''") == true)
  }

  @Test func connectionThatBreaksOff() throws {
    let whole = answer("206 Partial Content", ["Content-Range: bytes 4-7/10"], "efgh")
    let error = failure { _ = try fetch(answer: String(whole.dropLast(2))) }
    guard case .unreadable? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func nobodyListens() throws {
    let server = try LoopbackServer(answer: nil)
    let url = try #require(URL(string: "http://127.0.0.1:\(server.port)/file.gz"))
    let error = failure { _ = try HTTPTransport(timeout: 10).fetch(url, range: 0..<4) }
    guard case .unreadable(url.absoluteString, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
