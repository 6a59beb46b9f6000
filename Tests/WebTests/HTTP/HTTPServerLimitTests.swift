import FoundationEssentials
import Glibc
import Testing
import Web

/// The server at real sockets, with clients that are slow, wrong or gone.
@Suite(.timeLimit(.minutes(2))) struct HTTPServerLimitTests {
  private static let get = HTTPServerTests.get

  private static func limits(_ change: (inout HTTPLimits) -> Void) -> HTTPLimits {
    var limits = HTTPLimits()
    change(&limits)
    return limits
  }

  // MARK: - Slow

  @Test(arguments: ["G", "GET / HTTP/1.1\r\nHost: loc"])
  func aHeadThatDoesNotComeIsNotWaitedFor(start: String) async throws {
    let limits = Self.limits { $0.headTime = .milliseconds(200) }
    try await withServer(limits: limits, HTTPServerTests.echo) { port in
      let client = try RawClient(port)
      try client.send(start)
      #expect(try client.receiveAnswer().status == 408)
      #expect(try client.receiveAll().isEmpty)
    }
  }

  @Test func singleBytesGainNoTime() async throws {
    let limits = Self.limits { $0.headTime = .seconds(1) }
    try await withServer(limits: limits, HTTPServerTests.echo) { port in
      let client = try RawClient(port)
      try client.send("GET / HTTP/1.1\r\nA: ")
      // For far longer than the limit, unless the answer comes meanwhile.
      let isAnswered = (0..<600).contains { _ in
        usleep(20_000)
        var byte: UInt8 = 0
        return recv(client.file, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) > 0
          || (try? client.send("a")) == nil
      }
      #expect(isAnswered)
      #expect(try client.receiveAnswer().status == 408)
    }
  }

  @Test func aBodyThatDoesNotComeIsNotWaitedFor() async throws {
    let limits = Self.limits { $0.bodyTime = .milliseconds(200) }
    try await withServer(limits: limits, HTTPServerTests.echo) { port in
      let client = try RawClient(port)
      try client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc")
      #expect(try client.receiveAnswer().status == 408)
      #expect(try client.receiveAll().isEmpty)
    }
  }

  @Test(arguments: [0, 1])
  func aConnectionWithoutRequestsEndsWithoutAWord(requests: Int) async throws {
    let limits = Self.limits { $0.idleTime = .milliseconds(200) }
    try await withServer(limits: limits, HTTPServerTests.echo) { port in
      let client = try RawClient(port)
      for _ in 0..<requests {
        try client.send(Self.get("/a", ""))
        #expect(try client.receiveAnswer().text == "get a[]")
      }
      #expect(try client.receiveAll().isEmpty)
    }
  }

  private static let large = Data((0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 / 5) })

  private static let largeHandler: HTTPServer.Handler = { _ in
    HTTPResponse(contentType: "application/octet-stream", body: large)
  }

  /// It takes longer than ``HTTPLimits/answerTime`` in all, and is not cut off.
  @Test func whoeverReadsSteadilyGetsTheWholeAnswer() async throws {
    let limits = Self.limits {
      $0.answerTime = .milliseconds(600)
      $0.answerPiece = 1 << 16
    }
    try await withServer(limits: limits, Self.largeHandler) { port in
      let client = try RawClient(port, receiveBuffer: 1 << 17)
      try client.send(Self.get("/", "Connection: close\r\n"))
      var all: [UInt8] = []
      while case let bytes = try client.receive(atMost: 50_000), !bytes.isEmpty {
        all += bytes
        usleep(25_000)
      }
      #expect(all.suffix(Self.large.count).elementsEqual(Self.large))
    }
  }

  @Test func whoeverDoesNotTakeTheAnswerIsCutOff() async throws {
    let limits = Self.limits { $0.answerTime = .milliseconds(200) }
    try await withServer(limits: limits, Self.largeHandler) { port in
      let client = try RawClient(port, receiveBuffer: 1 << 17)
      // More than the system holds for us.
      try client.send(String(repeating: Self.get("/", ""), count: 10))
      // It is reset: then the client's end has an error, which it learns without reading.
      var poll = pollfd(fd: client.file, events: 0, revents: 0)
      #expect(Glibc.poll(&poll, 1, 30_000) == 1)
      #expect(poll.revents & Int16(POLLERR | POLLHUP) != 0)
      // Others are served.
      let other = try RawClient(port)
      try other.send(Self.get("/", ""))
      #expect(try other.receiveAnswer().body.count == Self.large.count)
    }
  }

  // MARK: - Wrong

  @Test(arguments: [
    ("GET /\r\n", 400), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505), ("PUT / HTTP/1.1\r\n", 405),
    ("GET /../etc HTTP/1.1\r\n", 400), ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
    ("GET / HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\n\r\n", 403),
    ("GET /" + String(repeating: "a", count: 100_000), 414),
    ("GET / HTTP/1.1\r\nA: " + String(repeating: "a", count: 1_000_000), 431),
  ])
  func aRefusalIsASentenceAndAnEnd(text: String, status: Int) async throws {
    try await withServer(HTTPServerTests.echo) { port in
      let client = try RawClient(port)
      try client.send(text + "\r\n" + Self.get("/", ""))
      let answer = try client.receiveAnswer()
      #expect(answer.status == status)
      #expect(answer.headers["Content-Type"] == "text/plain; charset=utf-8")
      #expect(answer.headers["Connection"] == "close")
      #expect(answer.text.hasSuffix(".\n"))
      #expect(try client.receiveAll().isEmpty)
    }
  }

  /// The refusal arrives although the client sends all of it before it reads.
  @Test func aBodyThatIsTooLargeIsRefused() async throws {
    try await withServer(HTTPServerTests.echo) { port in
      let client = try RawClient(port)
      try client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000000\r\n\r\n")
      try client.send(Data(count: 9_000_000))
      #expect(try client.receiveAnswer().status == 413)
    }
  }

  /// However much it sends behind a refusal.
  @Test func whoeverGoesOnSendingIsCutOff() async throws {
    try await withServer(HTTPServerTests.echo) { port in
      let client = try RawClient(port)
      try client.send("PUT / HTTP/1.1\r\n")
      // Half a gigabyte, which would take far longer than the server listens to it.
      let failure = #expect(throws: RawClient.Failure.self) {
        for _ in 0..<500 {
          try client.send(Data(count: 1 << 20))
          usleep(10_000)
        }
      }
      // Not that it waits in vain.
      #expect(failure?.code != EAGAIN)
    }
  }

  // MARK: - Gone

  @Test(arguments: [
    "GET / HT", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc",
    "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
  ])
  func whoeverGoesInTheMiddleDoesNoHarm(text: String) async throws {
    let limits = Self.limits { $0.connections = 4 }
    try await withServer(limits: limits, Self.largeHandler) { port in
      for index in 0..<30 {
        let client = try RawClient(port)
        try client.send(text)
        // Half of them reset the connection.
        var option = linger(l_onoff: 1, l_linger: 0)
        if index % 2 == 0 {
          setsockopt(client.file, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        }
      }
      let client = try RawClient(port)
      try client.send(Self.get("/", ""))
      #expect(try client.receiveAnswer().body.count == Self.large.count)
    }
  }

  /// A client that has nothing more to send may still read.
  @Test func whoeverEndsSendingIsAnswered() async throws {
    try await withServer(HTTPServerTests.echo) { port in
      let client = try RawClient(port)
      try client.send(Self.get("/a", "") + Self.get("/b", ""))
      shutdown(client.file, Int32(SHUT_WR))
      #expect(try client.receiveAnswer().text == "get a[]")
      #expect(try client.receiveAnswer().text == "get b[]")
      #expect(try client.receiveAll().isEmpty)
    }
  }
}
