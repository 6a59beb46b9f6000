import FoundationEssentials
import Testing
import Web

/// Header fields, queries and answers as values.
@Suite struct HTTPMessageTests {
  @Test func namesAreComparedWithoutCase() {
    var headers: HTTPHeaders = ["Accept": "a", "X": "1", "accept": "b"]
    #expect(headers["ACCEPT"] == "a")
    #expect(headers.all("accept") == ["a", "b"])
    headers["aCCept"] = "c"
    #expect(headers.all("accept") == ["c"])
    headers["x"] = nil
    #expect(headers["X"] == nil)
  }

  @Test func noValueBeginsAnotherLine() {
    let headers: HTTPHeaders = ["A": "b\r\nSet-Cookie: c\n\0d\u{7F}\te ä"]
    #expect(headers["A"] == "bSet-Cookie: cd\te ä")
    #expect(HTTPResponse.redirect(to: "/a\r\nB: c").headers["Location"] == "/aB: c")
  }

  @Test func theFirstValueOfANameIsFound() throws {
    let query = try #require(HTTPQuery("a=1&b=%3D+&a=2&c".utf8))
    #expect(query["a"] == "1")
    #expect(query["b"] == "= ")
    #expect(query["c"] == "")
    #expect(query["d"] == nil)
    #expect(query.fields.map(\.value) == ["1", "= ", "2", ""])
  }

  @Test func aRedirectAsksForTheNewPlace() {
    let response = HTTPResponse.redirect(to: "/runs/")
    #expect(response.status == 303)
    #expect(response.headers["Location"] == "/runs/")
  }

  @Test func whoeverUsesAnotherMethodLearnsWhichThereAre() {
    var parser = HTTPRequestParser(limits: HTTPLimits(), origin: SameOrigin(host: "127.0.0.1", port: 80))
    parser.add("PUT / HTTP/1.1\r\n".utf8)
    let refusal = #expect(throws: HTTPRefusal.self) { _ = try parser.next() }
    #expect(refusal?.response.headers["Allow"] == "GET, HEAD, POST")
    #expect(refusal?.response.contentType == "text/plain; charset=utf-8")
  }
}
