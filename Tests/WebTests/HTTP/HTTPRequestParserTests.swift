import FoundationEssentials
import Testing
import Web

/// Requests out of bytes, without sockets.
@Suite struct HTTPRequestParserTests {
  /// What a parser made of some bytes: requests as text, and at the end what it waits for or the refusal.
  private static func outcome(_ pieces: [ArraySlice<UInt8>], limits: HTTPLimits = HTTPLimits()) -> [String] {
    var parser = HTTPRequestParser(limits: limits, origin: SameOrigin(host: "127.0.0.1", port: 80))
    var found: [String] = []
    var awaited = ""
    for piece in pieces {
      parser.add(piece)
      do {
        steps: while true {
          switch try parser.next() {
          case .request(let request): found.append(text(request))
          case .sendContinue: break
          case .needsMore(let part):
            awaited = "\(part)"
            break steps
          }
        }
      } catch {
        awaited = "\(error.status)"
      }
    }
    return found + [awaited]
  }

  private static func text(_ request: HTTPRequest) -> String {
    let query = request.query.fields.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    let path = request.path.joined(separator: "|") + (request.endsInSlash ? "/" : "")
    let body = String(decoding: request.body, as: UTF8.self)
    return "\(request.method) \(path) ?\(query)[\(body)]\(request.keepsOpen ? "" : " close")"
  }

  private static func outcome(_ text: String, limits: HTTPLimits = HTTPLimits()) -> [String] {
    outcome([Array(text.utf8)[...]], limits: limits)
  }

  private static let host = "Host: localhost\r\n"

  static let valid: [(String, [String])] = [
    ("", ["request"]),
    ("GET / HTTP/1.1\r\n\(host)\r\n", ["get / ?[]", "request"]),
    ("\r\nGET / HTTP/1.1\r\n\(host)\r\n", ["get / ?[]", "request"]),
    ("GET /a HTTP/1.1\r\n\(host)", ["head"]),
    ("GET /a/b/ HTTP/1.1\r\n\(host)\r\n", ["get a|b/ ?[]", "request"]),
    ("GET //a/./b HTTP/1.1\r\n\(host)\r\n", ["get a|b ?[]", "request"]),
    ("GET /%C3%a4%20+/ä HTTP/1.1\r\n\(host)\r\n", ["get ä +|ä ?[]", "request"]),
    ("GET /a?b=1&c=x+y%26&d&&e=f=g HTTP/1.1\r\n\(host)\r\n", ["get a ?b=1&c=x y&&d=&e=f=g[]", "request"]),
    ("GET /a?../b?%2f HTTP/1.1\r\n\(host)\r\n", ["get a ?../b?/=[]", "request"]),
    ("HEAD / HTTP/1.1\r\nhOST:localhost\r\n\r\n", ["head / ?[]", "request"]),
    ("GET / HTTP/1.0\r\n\r\n", ["get / ?[] close", "request"]),
    ("GET / HTTP/1.0\r\nConnection: x, Keep-Alive\r\n\r\n", ["get / ?[]", "request"]),
    ("GET / HTTP/1.1\r\n\(host)Connection: close\r\n\r\n", ["get / ?[] close", "request"]),
    ("POST / HTTP/1.1\r\n\(host)\r\n", ["post / ?[]", "request"]),
    ("POST / HTTP/1.1\r\n\(host)Content-Length: 5\r\n\r\na\r\nb", ["body"]),
    ("POST / HTTP/1.1\r\n\(host)Content-Length: 5\r\n\r\na\r\n\r\n", ["post / ?[a\r\n\r\n]", "request"]),
    (
      "POST / HTTP/1.1\r\n\(host)Content-Length: 2\r\nContent-Length: 2\r\n\r\nab"
        + "GET /c HTTP/1.1\r\n\(host)\r\nGE",
      ["post / ?[ab]", "get c ?[]", "head"]
    ),
    (
      "POST / HTTP/1.1\r\n\(host)Expect: 100-Continue\r\nContent-Length: 2\r\n\r\nab",
      ["post / ?[ab]", "request"]
    ),
  ]

  static let refused: [(String, Int)] = [
    // Request lines.
    ("GET /\r\n", 400), ("GET / HTTP/0.9\r\n", 505), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    ("GET  / HTTP/1.1\r\n", 400), ("GET / HTTP/1.1 \r\n", 400), (" GET / HTTP/1.1\r\n", 400),
    ("GET / http/1.1\r\n", 400), ("GET / HTTP/1.1\n", 400), ("GET /\rx HTTP/1.1\r\n", 400),
    ("\r\n\r\nGET / HTTP/1.1\r\n", 400), ("\u{16}\u{3}\u{1}", 400), ("G(T / HTTP/1.1\r\n", 400),
    ("DELETE / HTTP/1.1\r\n", 405), ("get / HTTP/1.1\r\n", 405), ("OPTIONS * HTTP/1.1\r\n", 405),
    // Addresses.
    ("GET a HTTP/1.1\r\n", 400), ("GET http://localhost/ HTTP/1.1\r\n", 400), ("GET /\0 HTTP/1.1\r\n", 400),
    ("GET /a/../b HTTP/1.1\r\n", 400), ("GET /%2e%2E HTTP/1.1\r\n", 400), ("GET /a%2fb HTTP/1.1\r\n", 400),
    ("GET /a%00 HTTP/1.1\r\n", 400), ("GET /%ff HTTP/1.1\r\n", 400), ("GET /%4 HTTP/1.1\r\n", 400),
    ("GET /%zz HTTP/1.1\r\n", 400), ("GET /?%ff HTTP/1.1\r\n", 400), ("GET /?a=% HTTP/1.1\r\n", 400),
    ("GET /?\(String(repeating: "a&", count: 1001)) HTTP/1.1\r\n", 400),
    // Header fields.
    ("GET / HTTP/1.1\r\nHost localhost\r\n", 400), ("GET / HTTP/1.1\r\nHost : localhost\r\n", 400),
    ("GET / HTTP/1.1\r\n\(host) more\r\n", 400), ("GET / HTTP/1.1\r\n: x\r\n", 400),
    ("GET / HTTP/1.1\r\nA: b\0c\r\n", 400), ("GET / HTTP/1.1\r\nA: b\rc\r\n", 400),
    ("GET / HTTP/1.1\r\n\(host)\n", 400), ("GET / HTTP/1.1\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\n\(host)\(host)\r\n", 400), ("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", 421),
    ("POST / HTTP/1.1\r\n\(host)Origin: http://evil.example\r\n\r\n", 403),
    // Bodies.
    ("POST / HTTP/1.1\r\n\(host)Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\n\(host)Content-Length: -1\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\n\(host)Content-Length: +1\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\n\(host)Content-Length: 1, 1\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\n\(host)Content-Length: 0x1\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\n\(host)Content-Length:\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\n\(host)Content-Length: 4194305\r\n\r\n", 413),
    ("POST / HTTP/1.1\r\n\(host)Content-Length: 99999999999999999999\r\n\r\n", 413),
    ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: Chunked\r\n\r\n", 411),
    ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: gzip, chunked\r\n\r\n", 501),
    ("POST / HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\n\(host)Expect: miracles\r\n\r\n", 417),
  ]

  @Test(arguments: valid)
  func requestsAreWhatWasSent(text: String, found: [String]) {
    #expect(Self.outcome(text) == found)
  }

  @Test(arguments: refused)
  func whatIsWrongIsRefused(text: String, status: Int) {
    #expect(Self.outcome(text) == ["\(status)"])
    // And it stays refused.
    #expect(Self.outcome(text + "\r\nGET / HTTP/1.1\r\n\(Self.host)\r\n") == ["\(status)"])
  }

  /// A request that is cut at any byte, and one that comes byte by byte, is the same request.
  @Test func cutsMakeNoDifference() {
    for text in Self.valid.map(\.0) + Self.refused.map(\.0) where text.utf8.count < 400 {
      let bytes = Array(text.utf8)
      let whole = Self.outcome([bytes[...]])
      for cut in bytes.indices {
        #expect(Self.outcome([bytes[..<cut], bytes[cut...]]) == whole, "\(text) cut at \(cut)")
      }
      #expect(Self.outcome([[]] + bytes.indices.map { bytes[$0...$0] }) == whole, "\(text) byte by byte")
    }
  }

  /// Whatever comes, it neither traps nor depends on how it was cut.
  @Test func damagedRequestsAreReadAlikeHoweverTheyAreCut() {
    var random = SplitMix(state: 7)
    let seeds = (Self.valid.map(\.0) + Self.refused.map(\.0)).filter { $0.utf8.count < 400 }
    for _ in 0..<5000 {
      var bytes = Array((seeds.randomElement(using: &random) ?? "").utf8)
      bytes += Array((seeds.randomElement(using: &random) ?? "").utf8)
      for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0...2, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        default: bytes.insert(" \r\n:%/?".utf8.randomElement(using: &random) ?? 0, at: place)
        }
      }
      let cut = Int.random(in: 0...bytes.count, using: &random)
      #expect(Self.outcome([bytes[..<cut], bytes[cut...]]) == Self.outcome([bytes[...]]), "\(bytes)")
    }
  }

  @Test func eachLimitIsKeptToTheByte() {
    var limits = HTTPLimits()
    limits.requestLineBytes = "GET /abc HTTP/1.1\r\n".utf8.count
    limits.headerBytes = "\(Self.host)A: b\r\nC: d\r\n\r\n".utf8.count
    limits.headerCount = 3
    limits.bodyBytes = 3
    func outcome(_ text: String) -> String? { Self.outcome(text, limits: limits).last }
    #expect(outcome("GET /abc HTTP/1.1\r\n\(Self.host)A: b\r\nC: d\r\n\r\n") == "request")
    #expect(outcome("GET /abcd HTTP/1.1\r\n") == "414")
    #expect(outcome("GET /abcdefghijklmn") == "414")
    #expect(outcome("GET / HTTP/1.1\r\n\(Self.host)A: b\r\nC: dd\r\n\r\n") == "431")
    #expect(outcome("GET / HTTP/1.1\r\nA: " + String(repeating: "b", count: 40)) == "431")
    #expect(outcome("GET / HTTP/1.1\r\n\(Self.host)A:\r\nB:\r\nC:\r\n") == "431")
    limits.headerBytes = 100
    #expect(outcome("POST / HTTP/1.1\r\n\(Self.host)Content-Length: 3\r\n\r\nabc") == "request")
    #expect(outcome("POST / HTTP/1.1\r\n\(Self.host)Content-Length: 4\r\n\r\n") == "413")
  }

  @Test func theBodyIsAskedForOnceWhereTheClientWaits() throws {
    var parser = HTTPRequestParser(limits: HTTPLimits(), origin: SameOrigin(host: "127.0.0.1", port: 80))
    parser.add("POST / HTTP/1.1\r\n\(Self.host)Expect: 100-continue\r\nContent-Length: 1\r\n\r\n".utf8)
    guard case .sendContinue = try parser.next() else {
      Issue.record("the client was not told to go on")
      return
    }
    guard case .needsMore(.body) = try parser.next() else {
      Issue.record("the body was not waited for")
      return
    }
    parser.add("a".utf8)
    guard case .request(let request) = try parser.next() else {
      Issue.record("no request")
      return
    }
    #expect(request.body == Data("a".utf8))
  }
}

/// Numbers that are the same in each run.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
