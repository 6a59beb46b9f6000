import FlyingSocks
import Glibc
import Synchronization

/// A server of HTTP/1.1 for a person's browser on the same machine: bounded in memory, connections and time,
/// and closed to pages of other sites (``SameOrigin``).
///
/// It knows neither TLS nor HTTP/2 nor users, and compresses nothing. What it is asked for is the handler's
/// matter.
package final class HTTPServer: Sendable {
  /// What answers requests, several at once.
  package typealias Handler = @Sendable (HTTPRequest) async -> HTTPResponse

  /// The address it listens at, in digits.
  package let host: String
  /// The port it listens at, also where that was left to the system.
  package let port: UInt16
  /// What a browser is to open.
  package var address: String { "http://\(Self.place(host, port))/" }

  private let limits: HTTPLimits
  private let origin: SameOrigin
  /// Nil when it was taken by ``run(_:)``.
  private let listener: Mutex<Socket?>

  /// Binds and listens; clients wait for ``run(_:)``.
  ///
  /// - Parameters:
  ///   - host: an IPv4 or IPv6 address in digits, or `localhost` for 127.0.0.1.
  ///   - port: 0 for any that is free.
  ///   - limits: what clients may take.
  /// - Throws: ``ServerError/unknownHost(_:)`` and ``ServerError/cannotListen(place:reason:)``.
  package init(
    host: String = "127.0.0.1", port: UInt16, limits: HTTPLimits = HTTPLimits()
  ) throws(ServerError) {
    let digits = host == "localhost" ? "127.0.0.1" : host
    let socket: Socket
    if let address = try? sockaddr_in.inet(ip4: digits, port: port) {
      socket = try Self.listen(at: address, place: Self.place(host, port))
    } else if let address = try? sockaddr_in6.inet6(ip6: digits, port: port) {
      socket = try Self.listen(at: address, place: Self.place(host, port))
    } else {
      throw .unknownHost(host)
    }
    switch try? socket.sockname() {
    case .ip4(let host, let port), .ip6(let host, let port): (self.host, self.port) = (host, port)
    case .unix, nil: (self.host, self.port) = (digits, port)
    }
    origin = SameOrigin(host: self.host, port: self.port)
    self.limits = limits
    listener = Mutex(socket)
  }

  deinit { if let socket = listener.withLock({ $0 }) { try? socket.close() } }

  /// Serves until the task is cancelled. Then nobody is let in any more, requests on their way have
  /// ``HTTPLimits/stopTime`` to be answered, and all connections are closed. Handlers that do not end then
  /// are cancelled, and not waited for.
  ///
  /// - Precondition: it is the first time.
  /// - Throws: ``ServerError/failed(reason:)`` where the system does not let it go on.
  package func run(_ handler: @escaping Handler) async throws(ServerError) {
    guard let socket = listener.withLock({ $0.take() }) else {
      preconditionFailure("HTTPServer: run for a second time")
    }
    let pool = SocketPool.ePoll(maxEvents: 64)
    let connections = HTTPConnections(limits: limits)
    let listener: AsyncSocket
    do {
      try await pool.prepare()
      listener = try AsyncSocket(socket: socket, pool: pool)
    } catch {
      try? socket.close()
      throw .failed(reason: ServerError.reason(error))
    }
    let polling = Task(executorPreference: SerialQueue.sockets) { try await pool.run() }
    let watching = Task(executorPreference: SerialQueue.sockets) { await connections.watch() }
    let failure = await withTaskExecutorPreference(SerialQueue.sockets) {
      await withTaskCancellationHandler {
        await accept(from: listener, into: connections, handler)
      } onCancel: {
        connections.close()
      }
    }
    try? socket.close()
    // In a task of its own: this one is cancelled, and could not wait.
    await Task(executorPreference: SerialQueue.sockets) { await connections.stop() }.value
    watching.cancel()
    polling.cancel()
    _ = await polling.result
    if let failure { throw failure }
  }

  /// Lets clients in until the task is cancelled; returns what else ended it.
  private func accept(
    from listener: AsyncSocket, into connections: HTTPConnections, _ handler: @escaping Handler
  ) async -> ServerError? {
    while !Task.isCancelled {
      do {
        guard connections.hasRoom else {
          connections.makeRoom()
          await SerialQueue.sleep(for: .milliseconds(10))
          continue
        }
        let socket = try await listener.accept()
        prepare(socket.socket)
        connections.add(socket) { [limits, origin] in
          let connection = HTTPConnection(
            socket: socket, connections: connections, limits: limits, origin: origin, handler: handler)
          await connection.serve()
        }
      } catch SocketError.failed {
        // The client has gone already, or the system has no memory or no descriptors for a moment.
        connections.makeRoom()
        await SerialQueue.sleep(for: .milliseconds(50))
      } catch {
        return Task.isCancelled ? nil : .failed(reason: ServerError.reason(error))
      }
    }
    return nil
  }

  private func prepare(_ socket: Socket) {
    _ = fcntl(socket.file.rawValue, F_SETFD, FD_CLOEXEC)
    // The end of a long answer does not wait for the client's word on its beginning.
    try? socket.setValue(true, for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
    // Otherwise the system takes megabytes, and says that it takes more only when a third of them has gone:
    // it would look as if a slow client took nothing.
    try? socket.setValue(Int32(clamping: limits.answerPiece), for: .sendBufferSize)
  }

  private static func place(_ host: String, _ port: UInt16) -> String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }

  private static func listen(at address: some SocketAddress, place: String) throws(ServerError) -> Socket {
    do {
      let socket = try Socket(domain: Int32(address.family), type: .stream)
      do {
        _ = fcntl(socket.file.rawValue, F_SETFD, FD_CLOEXEC)
        // Connections of an earlier server that are still ending do not hinder; one that listens does.
        try socket.setValue(true, for: .localAddressReuse)
        try socket.bind(to: address)
      } catch {
        try? socket.close()
        throw error
      }
      try socket.listen()
      return socket
    } catch {
      throw .cannotListen(place: place, reason: ServerError.reason(error))
    }
  }
}

/// Why there is no server, or none any more, in one sentence.
public enum ServerError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was to be listened at is no address.
  case unknownHost(String)
  /// The system does not let this program listen at a place, an address with its port.
  case cannotListen(place: String, reason: String)
  /// What was served can be no longer.
  case failed(reason: String)

  /// One sentence without a full stop.
  public var description: String {
    switch self {
    case .unknownHost(let host):
      "cannot listen at \(host): expected localhost or an address in digits, such as 127.0.0.1 or ::1"
    case .cannotListen(let place, let reason): "cannot listen at \(place): \(reason)"
    case .failed(let reason): "cannot serve any longer: \(reason)"
    }
  }

  /// The system's words, as they stand inside a sentence.
  fileprivate static func reason(_ error: any Error) -> String {
    guard case SocketError.failed(_, _, let message) = error else { return "\(error)" }
    return message.prefix(1).lowercased() + message.dropFirst()
  }
}
