import Testing
import Web

/// Who may ask, by what browsers tell of the page that made them.
@Suite struct SameOriginTests {
  private static func status(
    _ headers: HTTPHeaders, _ method: HTTPRequest.Method = .get, host: String = "127.0.0.1",
    needsHost: Bool = true
  ) throws -> Int? {
    var request = try HTTPRequest(method, "/")
    request.headers = headers
    do throws(HTTPRefusal) {
      try SameOrigin(host: host, port: 8080).check(request, needsHost: needsHost)
      return nil
    } catch {
      return error.status
    }
  }

  @Test(arguments: [
    "localhost", "LocalHost:8080", "127.0.0.1", "127.0.0.1:8080", "[::1]", "[::1]:8080",
  ])
  func namesOfThisMachineAreOurs(name: String) throws {
    #expect(try Self.status(["Host": name]) == nil)
  }

  @Test(arguments: [
    "evil.example", "evil.example:8080", "localhost:80", "localhost:", "localhost:8080:8080", "localhost.",
    "localhost.evil.example:8080", "127.0.0.1.evil.example", "::1", "192.168.0.7:8080", "",
    "localhost, evil.example", "evil.example@localhost",
  ])
  func otherNamesAreNot(name: String) throws {
    #expect(try Self.status(["Host": name]) == 421)
  }

  @Test func theHostThatWasAskedForIsOurs() throws {
    #expect(try Self.status(["Host": "192.168.0.7:8080"], host: "192.168.0.7") == nil)
    #expect(try Self.status(["Host": "192.168.0.8:8080"], host: "192.168.0.7") == 421)
    #expect(try Self.status(["Host": "[fe80::1]:8080"], host: "fe80::1") == nil)
  }

  /// A server at all addresses is reached at addresses that it does not know; a name is still a name.
  @Test(arguments: ["0.0.0.0", "::"])
  func aServerEverywhereIsReachedAtAnyAddress(host: String) throws {
    #expect(try Self.status(["Host": "192.168.0.7:8080"], host: host) == nil)
    #expect(try Self.status(["Host": "[fe80::1]"], host: host) == nil)
    #expect(try Self.status(["Host": "192.168.0.7:80"], host: host) == 421)
    #expect(try Self.status(["Host": "evil.example:8080"], host: host) == 421)
  }

  @Test func theHostIsToldOnce() throws {
    #expect(try Self.status([:]) == 400)
    #expect(try Self.status([:], needsHost: false) == nil)
    #expect(try Self.status(["Host": "localhost", "host": "localhost"]) == 400)
    #expect(try Self.status(["Host": "localhost", "host": "localhost"], needsHost: false) == 400)
  }

  @Test(
    arguments: [
      ([:], nil), (["Origin": "http://localhost:8080"], nil), (["Origin": "HTTP://LOCALHOST:8080"], nil),
      (["Sec-Fetch-Site": "same-origin"], nil), (["Sec-Fetch-Site": "none"], nil),
      (["Sec-Fetch-Site": "cross-site"], 403), (["Sec-Fetch-Site": "same-site"], 403),
      (["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"], 403),
      (["Sec-Fetch-Site": "cross-site", "Origin": "http://localhost:8080"], 403),
      (["Origin": "http://evil.example"], 403), (["Origin": "null"], 403), (["Origin": ""], 403),
      (["Origin": "http://localhost"], 403), (["Origin": "http://localhost:3000"], 403),
      (["Origin": "https://localhost:8080"], 403), (["Origin": "http://127.0.0.1:8080"], 403),
      (["Origin": "http://localhost:8080", "origin": "http://evil.example"], 403),
    ] as [(HTTPHeaders, Int?)])
  func onlyOurPagesChangeSomething(headers: HTTPHeaders, status: Int?) throws {
    var headers = headers
    headers.add("Host", "localhost:8080")
    #expect(try Self.status(headers, .post) == status)
  }

  @Test(
    arguments: [
      ([:], nil), (["Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors"], nil),
      (["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"], nil),
      (["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"], 403),
      (["Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"], 403),
      (["Sec-Fetch-Site": "cross-site"], 403),
    ] as [(HTTPHeaders, Int?)])
  func otherPagesMayLinkButNotShow(headers: HTTPHeaders, status: Int?) throws {
    var headers = headers
    headers.add("Host", "localhost:8080")
    #expect(try Self.status(headers, .get) == status)
    #expect(try Self.status(headers, .head) == status)
  }
}
