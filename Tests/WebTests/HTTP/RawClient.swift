import Dispatch
import FoundationEssentials
import Glibc
import Web

/// The client's end of a connection to this machine, for bytes of any kind. It waits, so it belongs on a
/// thread of its own (``onThread(_:)``); nothing waits for longer than half a minute.
final class RawClient {
  let file: Int32

  struct Failure: Error { let call: String, code: Int32 }

  init(_ port: UInt16, receiveBuffer: Int32? = nil) throws {
    file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var time = timeval(tv_sec: 30, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(file, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
    }
    if var receiveBuffer {
      setsockopt(file, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafeBytes(of: &address) { bytes in
      bytes.withMemoryRebound(to: sockaddr.self) { connect(file, $0.baseAddress, socklen_t(bytes.count)) }
    }
    guard result == 0 else {
      let code = errno
      close(file)
      throw Failure(call: "connect", code: code)
    }
  }

  deinit { close(file) }

  func send(_ bytes: some Collection<UInt8>) throws {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard count > 0 else { throw Failure(call: "send", code: errno) }
      rest = rest.dropFirst(count)
    }
  }

  func send(_ text: String) throws { try send(text.utf8) }

  /// What is there next; empty at the end.
  func receive(atMost count: Int = 1 << 16) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let found = recv(file, &bytes, count, 0)
    guard found >= 0 else { throw Failure(call: "recv", code: errno) }
    return Array(bytes.prefix(found))
  }

  /// All up to the end.
  func receiveAll() throws -> String {
    var all: [UInt8] = []
    while case let bytes = try receive(), !bytes.isEmpty { all += bytes }
    return String(decoding: all, as: UTF8.self)
  }

  /// One answer with its body; what comes before its end only, and no more. Of an answer to HEAD the head.
  func receiveAnswer(isHead: Bool = false) throws -> Answer {
    var head: [UInt8] = []
    while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      let byte = try receive(atMost: 1)
      guard !byte.isEmpty else { throw Failure(call: "the end", code: 0) }
      head += byte
    }
    let lines = String(decoding: head.dropLast(4), as: UTF8.self).split(separator: "\r\n")
    guard let first = lines.first, first.hasPrefix("HTTP/1.1 "),
      let status = Int(first.dropFirst(9).prefix(3))
    else { throw Failure(call: "the beginning", code: 0) }
    var answer = Answer(status: status)
    for line in lines.dropFirst() {
      let colon = line.firstIndex(of: ":") ?? line.startIndex
      answer.headers.add(String(line[..<colon]), String(line[colon...].dropFirst(2)))
    }
    let length = isHead ? 0 : Int(answer.headers["Content-Length"] ?? "") ?? 0
    while answer.body.count < length {
      let bytes = try receive(atMost: min(1 << 16, length - answer.body.count))
      guard !bytes.isEmpty else { throw Failure(call: "the end", code: 0) }
      answer.body += bytes
    }
    return answer
  }

  struct Answer {
    var status: Int
    var headers: HTTPHeaders = [:]
    var body: [UInt8] = []
    var text: String { String(decoding: body, as: UTF8.self) }
  }
}

/// Does what waits on a thread of its own, so that it takes none from the server's handlers.
func onThread<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue(label: "client").async { continuation.resume(with: Result(catching: work)) }
  }
}

/// A server at a free port for as long as `body` runs. That it ends without an error is part of each test.
func withServer<T: Sendable>(
  limits: HTTPLimits = HTTPLimits(), _ handler: @escaping HTTPServer.Handler,
  _ body: @escaping @Sendable (UInt16) throws -> T
) async throws -> T {
  let server = try HTTPServer(port: 0, limits: limits)
  let running = Task(executorPreference: SerialQueue("server")) { try await server.run(handler) }
  let result: Result<T, any Error>
  do { result = .success(try await onThread { try body(server.port) }) } catch { result = .failure(error) }
  running.cancel()
  try await running.value
  return try result.get()
}
