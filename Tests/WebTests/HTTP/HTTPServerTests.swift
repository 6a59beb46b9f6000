import Dispatch
import FoundationEssentials
import Glibc
import Synchronization
import Testing
import Web

/// The server at real sockets, with clients that behave well.
@Suite(.timeLimit(.minutes(2))) struct HTTPServerTests {
  /// Tells what it was asked.
  static let echo: HTTPServer.Handler = { request in
    let text = request.path.joined(separator: "|") + "[" + String(decoding: request.body, as: UTF8.self) + "]"
    return .text(200, "\(request.method) \(text)")
  }

  static func get(_ path: String, _ more: String = "") -> String {
    "GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(more)\r\n"
  }

  static func post(_ path: String, _ body: String) -> String {
    "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  @Test func oneConnectionCarriesManyRequests() async throws {
    try await withServer(Self.echo) { port in
      let client = try RawClient(port)
      for index in 0..<20 {
        try client.send(index % 2 == 0 ? Self.get("/\(index)") : Self.post("/\(index)", "body\(index)"))
        let answer = try client.receiveAnswer()
        #expect(answer.status == 200)
        #expect(answer.text == (index % 2 == 0 ? "get \(index)[]" : "post \(index)[body\(index)]"))
        #expect(answer.headers["Connection"] == "keep-alive")
      }
    }
  }

  @Test func eachAnswerHasTheFieldsThatGuardIt() async throws {
    let handler: HTTPServer.Handler = { request in
      guard request.path == ["own"] else { return .html(200, "<p>") }
      return HTTPResponse(
        contentType: "image/png", headers: ["cache-control": "max-age=9", "Content-Length": "7", "A": "b"])
    }
    try await withServer(handler) { port in
      let client = try RawClient(port)
      try client.send(Self.get("/") + Self.get("/own"))
      let page = try client.receiveAnswer()
      #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
      #expect(page.headers["X-Content-Type-Options"] == "nosniff")
      #expect(page.headers["Referrer-Policy"] == "same-origin")
      #expect(page.headers["Cache-Control"] == "no-store")
      #expect(page.headers["Content-Security-Policy"]?.hasPrefix("default-src 'none'; ") == true)
      #expect(page.headers["Content-Security-Policy"]?.hasSuffix("; frame-ancestors 'none'") == true)
      let own = try client.receiveAnswer()
      #expect(own.headers.all("Cache-Control") == ["max-age=9"])
      #expect(own.headers.all("Content-Length") == ["0"])
      #expect(own.headers["A"] == "b")
    }
  }

  @Test func requestsThatComeTogetherAreAnsweredInTheirOrder() async throws {
    try await withServer(Self.echo) { port in
      let client = try RawClient(port)
      let long = String(repeating: "x", count: 10_000)
      try client.send(Self.get("/1") + Self.post("/2", "two") + Self.post("/3", long) + Self.get("/4"))
      #expect(try client.receiveAnswer().text == "get 1[]")
      #expect(try client.receiveAnswer().text == "post 2[two]")
      #expect(try client.receiveAnswer().text == "post 3[\(long)]")
      #expect(try client.receiveAnswer().text == "get 4[]")
    }
  }

  @Test func aRequestMayComeByteByByte() async throws {
    try await withServer(Self.echo) { port in
      let client = try RawClient(port)
      for byte in Self.post("/a", "b").utf8 {
        try client.send([byte])
        usleep(1000)
      }
      #expect(try client.receiveAnswer().text == "post a[b]")
    }
  }

  @Test func theAnswerToHeadHasNoBody() async throws {
    try await withServer(Self.echo) { port in
      let client = try RawClient(port)
      try client.send("HEAD /a HTTP/1.1\r\nHost: localhost\r\n\r\n" + Self.get("/b"))
      #expect(try client.receiveAnswer(isHead: true).headers["Content-Length"] == "8")
      #expect(try client.receiveAnswer().text == "get b[]")
    }
  }

  @Test func whoeverSaysCloseIsLeft() async throws {
    try await withServer(Self.echo) { port in
      for text in [Self.get("/a", "Connection: close\r\n"), "GET /a HTTP/1.0\r\n\r\n"] {
        let client = try RawClient(port)
        try client.send(text)
        let all = try client.receiveAll()
        #expect(all.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(all.contains("\r\nConnection: close\r\n"))
        #expect(all.hasSuffix("get a[]"))
      }
    }
  }

  @Test func aConnectionEndsWithItsLastRequest() async throws {
    var limits = HTTPLimits()
    limits.requestsPerConnection = 2
    try await withServer(limits: limits, Self.echo) { port in
      let client = try RawClient(port)
      try client.send(Self.get("/1") + Self.get("/2") + Self.get("/3"))
      #expect(try client.receiveAnswer().headers["Connection"] == "keep-alive")
      let last = try client.receiveAnswer()
      #expect(last.text == "get 2[]")
      #expect(last.headers["Connection"] == "close")
      #expect(try client.receiveAll().isEmpty)
    }
  }

  @Test func aClientThatAsksBeforeItSendsIsToldToGoOn() async throws {
    try await withServer(Self.echo) { port in
      let client = try RawClient(port)
      let head = "POST /a HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: "
      try client.send(head + "1\r\n\r\n")
      #expect(try client.receiveAnswer().status == 100)
      try client.send("b")
      #expect(try client.receiveAnswer().text == "post a[b]")
      try client.send(head + "99999999\r\n\r\n")
      #expect(try client.receiveAnswer().status == 413)
    }
  }

  /// Handlers that hold their threads, more of them than the processor has.
  @Test func handlersThatTakeLongKeepNobodyElseWaiting() async throws {
    let gate = DispatchSemaphore(value: 0)
    @Sendable func hold() { gate.wait() }
    let handler: HTTPServer.Handler = { request in
      if request.path == ["slow"] { hold() }
      return .text(200, "done")
    }
    try await withServer(handler) { port in
      let slow = try (0..<24).map { _ in try RawClient(port) }
      for client in slow { try client.send(Self.get("/slow")) }
      let quick = Result {
        let client = try RawClient(port)
        try client.send(Self.get("/quick"))
        return try client.receiveAnswer().text
      }
      for _ in slow { gate.signal() }
      #expect(try quick.get() == "done")
      for client in slow { #expect(try client.receiveAnswer().text == "done") }
    }
  }

  @Test func threeHundredConnectionsAreAnswered() async throws {
    try await withServer(Self.echo) { port in
      let clients = try (0..<300).map { _ in try RawClient(port) }
      for (index, client) in clients.enumerated() { try client.send(Self.get("/\(index)")) }
      for (index, client) in clients.enumerated() {
        #expect(try client.receiveAnswer().text == "get \(index)[]")
      }
    }
  }

  @Test func noMoreConnectionsAreServedThanMayBe() async throws {
    var limits = HTTPLimits()
    limits.connections = 3
    let counts = Counts()
    let handler: HTTPServer.Handler = { _ in
      counts.enter()
      usleep(20_000)
      counts.leave()
      return .text(200, "done")
    }
    try await withServer(limits: limits, handler) { port in
      let clients = try (0..<20).map { _ in try RawClient(port) }
      for client in clients { try client.send(Self.get("/")) }
      for client in clients { #expect(try client.receiveAnswer().text == "done") }
    }
    #expect((2...3).contains(counts.most))
  }

  /// Connections that nobody uses do not keep others out, however long they might stay.
  @Test func idleConnectionsMakeRoom() async throws {
    var limits = HTTPLimits()
    limits.connections = 2
    limits.idleTime = .seconds(600)
    try await withServer(limits: limits, Self.echo) { port in
      let idle = try (0..<2).map { _ in try RawClient(port) }
      let client = try RawClient(port)
      try client.send(Self.get("/a"))
      #expect(try client.receiveAnswer().text == "get a[]")
      withExtendedLifetime(idle) {}
    }
  }

  // MARK: - Beginning and end

  @Test func aPortIsTakenOnce() throws {
    let first = try HTTPServer(port: 0)
    let error = #expect(throws: ServerError.self) { _ = try HTTPServer(port: first.port) }
    #expect(error?.description == "cannot listen at 127.0.0.1:\(first.port): address already in use")
    #expect(first.address == "http://127.0.0.1:\(first.port)/")
  }

  /// Where the machine has IPv6.
  @Test func anAddressOfIPv6StandsInBrackets() throws {
    do throws(ServerError) {
      let server = try HTTPServer(host: "0:0::1", port: 0)
      #expect(server.address == "http://[::1]:\(server.port)/")
    } catch {
      #expect(error.description.hasPrefix("cannot listen at [0:0::1]:0: "))
    }
  }

  @Test func aPortIsFreeAgainAtOnce() async throws {
    let port = try await withServer(Self.echo) { port in
      // The server closes first, so that its end of the connection stays with the system for a while.
      let client = try RawClient(port)
      try client.send(Self.get("/", "Connection: close\r\n"))
      _ = try client.receiveAll()
      return port
    }
    #expect(try HTTPServer(port: port).port == port)
  }

  @Test(arguments: ["example.org", "", "127.0.0.256", "[::1]", "127.0.0.1:80", "localhost\0"])
  func aHostIsAnAddress(host: String) {
    #expect(throws: ServerError.unknownHost(host)) { _ = try HTTPServer(host: host, port: 0) }
  }

  @Test func anAddressOfAnotherMachineIsRefused() {
    let error = #expect(throws: ServerError.self) { _ = try HTTPServer(host: "192.0.2.1", port: 80) }
    #expect(error?.description == "cannot listen at 192.0.2.1:80: cannot assign requested address")
  }

  @Test func theEndLetsARunningRequestFinish() async throws {
    let (started, start) = AsyncStream<Void>.makeStream()
    let (released, release) = AsyncStream<Void>.makeStream()
    let wasCancelled = Mutex(false)
    var limits = HTTPLimits()
    limits.stopTime = .seconds(60)
    let server = try HTTPServer(port: 0, limits: limits)
    let running = Task(executorPreference: SerialQueue("server")) {
      try await server.run { _ in
        start.yield()
        for await _ in released { break }
        wasCancelled.withLock { $0 = Task.isCancelled }
        return .text(200, "done")
      }
    }
    let port = server.port
    let idle = try await onThread { Held(try RawClient(port)) }
    let busy = try await onThread {
      let client = try RawClient(port)
      try client.send(Self.get("/"))
      return Held(client)
    }
    for await _ in started { break }
    running.cancel()
    release.yield()
    try await running.value
    #expect(!wasCancelled.withLock { $0 })
    try await onThread {
      let answer = try busy.client.receiveAnswer()
      #expect(answer.text == "done")
      #expect(answer.headers["Connection"] == "close")
      #expect(try busy.client.receiveAll().isEmpty)
      #expect(try idle.client.receiveAll().isEmpty)
      #expect(throws: RawClient.Failure.self) { _ = try RawClient(port) }
    }
  }

  @Test func theEndDoesNotWaitForAHandlerThatDoesNotEnd() async throws {
    let (started, start) = AsyncStream<Void>.makeStream()
    let (released, release) = AsyncStream<Void>.makeStream()
    let (cancelled, cancel) = AsyncStream<Void>.makeStream()
    var limits = HTTPLimits()
    limits.stopTime = .milliseconds(100)
    let server = try HTTPServer(port: 0, limits: limits)
    let running = Task {
      try await server.run { _ in
        start.yield()
        await withTaskCancellationHandler {
          // A task of its own, which the end of this one does not end.
          await Task { for await _ in released { break } }.value
        } onCancel: {
          cancel.yield()
        }
        return .text(200, "late")
      }
    }
    let port = server.port
    let client = try await onThread {
      let client = try RawClient(port)
      try client.send(Self.get("/"))
      return Held(client)
    }
    for await _ in started { break }
    running.cancel()
    try await running.value
    for await _ in cancelled { break }
    #expect(try await onThread { try client.client.receiveAll() } == "")
    release.yield()
  }
}

/// A client that goes from one thread to the next, used by one at a time.
private final class Held: @unchecked Sendable {
  let client: RawClient
  init(_ client: RawClient) { self.client = client }
}

/// How many were inside at once.
private final class Counts: Sendable {
  private let state = Mutex((now: 0, most: 0))
  var most: Int { state.withLock { $0.most } }
  func enter() {
    state.withLock {
      $0.now += 1
      $0.most = max($0.most, $0.now)
    }
  }
  func leave() { state.withLock { $0.now -= 1 } }
}
