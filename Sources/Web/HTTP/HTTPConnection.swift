import FlyingSocks
import FoundationEssentials
import Glibc

/// One connection: requests are read, given to the handler and answered, one after the other in their order.
///
/// Its limits of time are kept by ``HTTPConnections``, to which it tells what it is at.
struct HTTPConnection: Sendable {
  let socket: AsyncSocket
  let connections: HTTPConnections
  let limits: HTTPLimits
  let origin: SameOrigin
  let handler: HTTPServer.Handler
  /// Where the handler runs: it may take long without keeping others waiting.
  private let queue = SerialQueue("assay.web.handler")

  /// Returns when either side has ended the connection; the socket is still to be closed.
  func serve() async {
    do {
      try await answerRequests()
      try await takeLeave()
    } catch {
      // The client has gone, or was cut off: there is nobody to tell.
    }
  }

  private func answerRequests() async throws {
    var parser = HTTPRequestParser(limits: limits, origin: origin)
    var remaining = limits.requestsPerConnection
    do {
      while let request = try await nextRequest(&parser) {
        connections.note(.handling, of: socket)
        let response = await withTaskExecutorPreference(queue) { await handler(request) }
        remaining -= 1
        let keepsOpen = request.keepsOpen && remaining > 0 && connections.hasRoom
        try await write(response, to: request.method, keepsOpen: keepsOpen)
        if !keepsOpen { return }
      }
    } catch let refusal as HTTPRefusal {
      try await write(refusal.response, to: nil, keepsOpen: false)
    }
  }

  /// The next request; nil when the client sends none any more.
  ///
  /// - Throws: ``HTTPRefusal``, also for a request that does not come in time.
  private func nextRequest(_ parser: inout HTTPRequestParser) async throws -> HTTPRequest? {
    var current: HTTPRequestParser.Awaited?
    while true {
      switch try parser.next() {
      case .request(let request): return request
      case .sendContinue:
        connections.note(.writing, of: socket, within: limits.answerTime)
        try await socket.write(Data("HTTP/1.1 100 Continue\r\n\r\n".utf8))
      case .needsMore(let awaited):
        // Only a new part has new time: single bytes gain none.
        if awaited != current {
          let time =
            switch awaited {
            case .request: limits.idleTime
            case .head: limits.headTime
            case .body: limits.bodyTime
            }
          connections.note(awaited == .request ? .idle : .reading, of: socket, within: time)
          current = awaited
        }
        do {
          parser.add(try await socket.read(atMost: 4096))
        } catch SocketError.disconnected {
          guard awaited != .request, connections.isOverdue(socket) else { return nil }
          throw HTTPRefusal(408, "The request did not come in time.")
        }
      }
    }
  }

  private func write(
    _ response: HTTPResponse, to method: HTTPRequest.Method?, keepsOpen: Bool
  ) async throws {
    var rest = response.content(for: method)
    var piece = response.head(keepsOpen: keepsOpen)
    piece += rest.prefix(limits.answerPiece)
    rest = rest.dropFirst(limits.answerPiece)
    while !piece.isEmpty {
      connections.note(.writing, of: socket, within: limits.answerTime)
      try await socket.write(piece)
      piece = rest.prefix(limits.answerPiece)
      rest = rest.dropFirst(limits.answerPiece)
    }
  }

  /// Ends the connection so that the last answer arrives: a socket that is closed with bytes unread is reset,
  /// and the client may lose what it has not taken yet.
  private func takeLeave() async throws {
    shutdown(socket.socket.file.rawValue, Int32(SHUT_WR))
    connections.note(.leaving, of: socket, within: .seconds(1))
    while !connections.isOverdue(socket) { _ = try await socket.read(atMost: 4096) }
  }
}
