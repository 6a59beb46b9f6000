import FoundationEssentials

/// Requests out of the bytes of one connection, however these are cut.
///
/// A value that knows no sockets and no clock. It holds what was added and not yet taken, at most a request
/// within the limits and what came with its end. Lines must end in CR LF; chunked bodies are not read.
package struct HTTPRequestParser: Sendable {
  /// What to do now.
  package enum Step: Sendable {
    /// Add bytes: there is no whole request.
    case needsMore(Awaited)
    /// Tell the client to send the body, and then go on.
    case sendContinue
    /// Answer this.
    case request(HTTPRequest)
  }

  /// What the next byte belongs to.
  package enum Awaited: Sendable {
    /// A request of which nothing is there yet.
    case request
    /// The lines up to the empty one.
    case head
    /// What `Content-Length` tells of.
    case body
  }

  private enum State {
    case requestLine
    case headers
    case body(length: Int)
    case refused(HTTPRefusal)
  }

  private let limits: HTTPLimits
  private let origin: SameOrigin
  private var state = State.requestLine
  private var bytes: [UInt8] = []
  /// Where the line or the body begins that is read now.
  private var start = 0
  /// Up to where no end of that line was found.
  private var scanned = 0

  // The request that is being read.
  private var request: HTTPRequest?
  private var isVersion11 = true
  private var headerBytes = 0
  private var waitsForContinue = false
  private var hasSkippedLine = false

  package init(limits: HTTPLimits, origin: SameOrigin) {
    self.limits = limits
    self.origin = origin
  }

  /// Adds what the client sent next. To be called when ``next()`` needs more.
  package mutating func add(_ more: some Collection<UInt8>) {
    if case .refused = state { return }
    bytes += more
  }

  /// Goes as far as the bytes allow.
  ///
  /// - Throws: what is wrong with the request, each time from then on.
  package mutating func next() throws(HTTPRefusal) -> Step {
    do throws(HTTPRefusal) {
      return try step()
    } catch {
      state = .refused(error)
      bytes = []
      throw error
    }
  }

  private mutating func step() throws(HTTPRefusal) -> Step {
    while true {
      switch state {
      case .refused(let refusal): throw refusal
      case .requestLine:
        // The first byte of TLS, for one, which no line follows.
        guard start == bytes.count || bytes[start] == 13 || bytes[start] >= 32 else {
          throw HTTPRefusal(400, "This is not plain HTTP.")
        }
        guard let line = try line(atMost: limits.requestLineBytes, 414, "The address") else {
          return .needsMore(bytes.count == start ? .request : .head)
        }
        // One empty line may come first, as some clients end a body with one.
        if line.isEmpty, !hasSkippedLine {
          hasSkippedLine = true
        } else {
          try begin(line)
          state = .headers
        }
      case .headers:
        let before = start
        guard let line = try line(atMost: limits.headerBytes - headerBytes, 431, "The header") else {
          return .needsMore(.head)
        }
        headerBytes += start - before
        if line.isEmpty { state = .body(length: try endHead()) } else { try addField(line) }
      case .body(let length):
        guard bytes.count - start >= length else {
          guard waitsForContinue else { return .needsMore(.body) }
          waitsForContinue = false
          return .sendContinue
        }
        if let request = endBody(length) { return .request(request) }
      }
    }
  }

  /// The next line without its end, or nil where that is not there yet. `status` is for one that is longer
  /// than the limit.
  private mutating func line(
    atMost limit: Int, _ status: Int, _ subject: String
  ) throws(HTTPRefusal) -> ArraySlice<UInt8>? {
    let end = bytes[scanned...].firstIndex(of: 10)
    guard (end ?? bytes.count) - start < limit else {
      throw HTTPRefusal(status, "\(subject) is longer than this server reads.")
    }
    guard let end else {
      scanned = bytes.count
      return nil
    }
    guard end > start, bytes[end - 1] == 13 else {
      throw HTTPRefusal(400, "Each line of a request must end in CR LF.")
    }
    let line = bytes[start..<(end - 1)]
    start = end + 1
    scanned = start
    return line
  }

  private mutating func begin(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) {
    let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 3, HTTPHeaders.isToken(parts[0]), parts[2].count == 8,
      parts[2].starts(with: "HTTP/".utf8)
    else { throw HTTPRefusal(400, "A request must begin with a line such as GET / HTTP/1.1.") }
    isVersion11 = parts[2].elementsEqual("HTTP/1.1".utf8)
    guard isVersion11 || parts[2].elementsEqual("HTTP/1.0".utf8) else {
      throw HTTPRefusal(505, "This server speaks HTTP/1.1 only.")
    }
    guard let method = HTTPRequest.Method(rawValue: String(decoding: parts[0], as: UTF8.self)) else {
      throw HTTPRefusal(405, "This server answers GET, HEAD and POST only.")
    }
    request = try HTTPRequest(method, parts[1])
  }

  private mutating func addField(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")), HTTPHeaders.isToken(line[..<colon]) else {
      throw HTTPRefusal(400, "A line of the header is not a name, a colon and a value.")
    }
    let isBlank = { (byte: UInt8) in byte == 32 || byte == 9 }
    var value = line[(colon + 1)...].drop(while: isBlank)
    while let last = value.last, isBlank(last) { value.removeLast() }
    guard value.allSatisfy(HTTPHeaders.isText) else {
      throw HTTPRefusal(400, "A value of the header holds a control character.")
    }
    guard request?.headers.fields.count ?? 0 < limits.headerCount else {
      throw HTTPRefusal(431, "The header has more than \(limits.headerCount) fields.")
    }
    request?.headers.add(
      String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
  }

  /// Checks the head as a whole; returns the length of the body.
  private mutating func endHead() throws(HTTPRefusal) -> Int {
    guard let request else { return 0 }
    try origin.check(request, needsHost: isVersion11)
    let length = try bodyLength(request.headers)
    let expectations = isVersion11 ? request.headers.list("Expect") : []
    guard expectations.allSatisfy({ $0 == "100-continue" }) else {
      throw HTTPRefusal(417, "This server knows no expectation but 100-continue.")
    }
    waitsForContinue = !expectations.isEmpty
    let connection = request.headers.list("Connection")
    self.request?.keepsOpen =
      !connection.contains("close") && (isVersion11 || connection.contains("keep-alive"))
    return length
  }

  private func bodyLength(_ headers: HTTPHeaders) throws(HTTPRefusal) -> Int {
    let lengths = Set(headers.all("Content-Length"))
    let codings = headers.all("Transfer-Encoding")
    guard lengths.count + min(codings.count, 1) <= 1 else {
      throw HTTPRefusal(400, "The request tells its length in two ways.")
    }
    guard codings.isEmpty else {
      guard headers.list("Transfer-Encoding") == ["chunked"] else {
        throw HTTPRefusal(501, "This server knows no encoding of transfers.")
      }
      throw HTTPRefusal(411, "The request must tell its length (Content-Length).")
    }
    guard let digits = lengths.first else { return 0 }
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }) else {
      throw HTTPRefusal(400, "The length of the request is not a number.")
    }
    guard let length = Int(digits), length <= limits.bodyBytes else {
      throw HTTPRefusal(413, "The request has more than \(limits.bodyBytes) bytes.")
    }
    return length
  }

  /// Takes the request out, and the bytes behind it as the beginning of the next.
  private mutating func endBody(_ length: Int) -> HTTPRequest? {
    var whole = request
    whole?.body = Data(bytes[start..<(start + length)])
    // A new array, so that the memory of a large body does not stay with an idle connection.
    bytes = Array(bytes[(start + length)...])
    (start, scanned, headerBytes, hasSkippedLine, request, state) = (0, 0, 0, false, nil, .requestLine)
    return whole
  }
}
