import Foundation

/// HTTP with a chromedriver on this machine: one connection a request, and the thread waits for the answer.
///
/// A plain socket: URLSession would want callbacks, a cache and libcurl for what is one write and some reads.
/// It knows neither sessions nor JSON, no redirects and no chunks: chromedriver sends none.
struct DriverConnection {
  let port: UInt16

  struct Answer {
    let status: Int
    let body: Data
  }

  /// - Parameter asked: what the request is for, for the error.
  /// - Throws: ``BrowserError/noAnswer(asked:reason:)``, also where nothing came for two minutes.
  func send(
    _ method: String, _ path: String, body: Data?, asked: String
  ) throws(BrowserError) -> Answer {
    let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard connection >= 0 else { throw .noAnswer(asked: asked, reason: Self.failure) }
    defer { close(connection) }
    var limit = timeval(tv_sec: 120, tv_usec: 0)
    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))

    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw .noAnswer(asked: asked, reason: Self.failure) }

    var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
    if let body { head += "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n" }
    try write(Data("\(head)\r\n".utf8) + (body ?? Data()), to: connection, asked)
    return try read(from: connection, asked)
  }

  private func write(_ message: Data, to connection: Int32, _ asked: String) throws(BrowserError) {
    var rest = message[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .noAnswer(asked: asked, reason: Self.failure) }
      rest = rest.dropFirst(count)
    }
  }

  private func read(from connection: Int32, _ asked: String) throws(BrowserError) -> Answer {
    var received = Data()
    var head: (status: Int, end: Int, length: Int)?
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if head == nil { head = Self.head(of: received) }
      if let head, received.count >= head.end + head.length {
        return Answer(
          status: head.status, body: received.subdata(in: head.end..<(head.end + head.length)))
      }
      let count = recv(connection, &piece, piece.count, 0)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        let isLate = count < 0 && errno == EAGAIN
        let reason =
          count == 0
          ? "it hung up after \(received.count) bytes" : isLate ? "two minutes went by" : Self.failure
        throw .noAnswer(asked: asked, reason: reason)
      }
      received.append(contentsOf: piece.prefix(count))
    }
  }

  /// - Returns: nil while the head is not complete.
  private static func head(of received: Data) -> (status: Int, end: Int, length: Int)? {
    guard let end = received.range(of: Data("\r\n\r\n".utf8))?.upperBound else { return nil }
    let text = String(decoding: received.prefix(end), as: UTF8.self)
    guard let status = text.firstMatch(of: /^HTTP\/1\.\d (\d+)/), let code = Int(status.1) else { return nil }
    let length = text.firstMatch(of: /\r\n(?i:content-length): *(\d+)\r\n/).flatMap { Int($0.1) }
    return (code, end, length ?? 0)
  }

  private static var failure: String { String(cString: strerror(errno)) }
}
