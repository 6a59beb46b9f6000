import FoundationEssentials

/// An answer: what a handler returns, and how it stands on the wire.
///
/// It is whole in memory; nothing is sent in chunks or compressed.
package struct HTTPResponse: Sendable {
  /// Three digits.
  package var status: Int
  /// With the encoding of the characters, if it is text.
  package var contentType: String
  /// Further fields. They take the place of ``defaults``; those that tell where the answer ends are the
  /// server's, and are left out.
  package var headers: HTTPHeaders
  /// What is sent but for HEAD, and for statuses without a body.
  package var body: Data

  /// An answer of any type.
  package init(
    _ status: Int = 200, contentType: String, body: Data = Data(), headers: HTTPHeaders = [:]
  ) {
    self.status = status
    self.contentType = contentType
    self.headers = headers
    self.body = body
  }

  /// Plain text.
  package static func text(_ status: Int, _ text: String) -> HTTPResponse {
    HTTPResponse(status, contentType: "text/plain; charset=utf-8", body: Data(text.utf8))
  }

  /// A page.
  package static func html(_ status: Int, _ text: String) -> HTTPResponse {
    HTTPResponse(status, contentType: "text/html; charset=utf-8", body: Data(text.utf8))
  }

  /// Sends a client on, which asks for the new place with GET whatever it asked with here.
  ///
  /// - Parameter location: an address in ASCII, relative or whole; what is not from this program must be
  ///   encoded by the caller.
  package static func redirect(to location: String) -> HTTPResponse {
    var response = text(303, "The page is at another address.\n")
    response.headers["Location"] = location
    return response
  }

  /// The fields of each answer that does not set them itself.
  ///
  /// The referrer is kept from other sites only: pages without any would send their forms with an origin of
  /// `null`, which ``SameOrigin`` could not tell from a foreign one.
  package static let defaults: HTTPHeaders = [
    "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
    "Content-Security-Policy": """
    default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'
    """,
  ]

  // MARK: - The wire

  private static let framing = ["content-type", "content-length", "transfer-encoding", "connection"]

  /// Status line and header fields up to the empty line.
  func head(keepsOpen: Bool) -> Data {
    var fields: HTTPHeaders = [:]
    fields.add("Content-Type", contentType)
    // An answer of status 204 has no length, not even that of nothing.
    if status != 204 { fields.add("Content-Length", "\(body.count)") }
    fields.add("Connection", keepsOpen ? "keep-alive" : "close")
    for (name, value) in headers.fields where !Self.framing.contains(name.lowercased()) {
      fields.add(name, value)
    }
    for (name, value) in Self.defaults.fields where headers[name] == nil { fields.add(name, value) }
    var text = "HTTP/1.1 \(status) \(Self.reasons[status] ?? "Status")\r\n"
    for (name, value) in fields.fields { text += "\(name): \(value)\r\n" }
    return Data((text + "\r\n").utf8)
  }

  /// What follows the head.
  func content(for method: HTTPRequest.Method?) -> Data {
    method == .head || status == 204 || status == 304 ? Data() : body
  }

  private static let reasons = [
    200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 301: "Moved Permanently", 302: "Found",
    303: "See Other", 304: "Not Modified", 400: "Bad Request", 403: "Forbidden", 404: "Not Found",
    405: "Method Not Allowed", 408: "Request Timeout", 409: "Conflict", 411: "Length Required",
    413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type",
    417: "Expectation Failed", 421: "Misdirected Request", 422: "Unprocessable Content",
    429: "Too Many Requests", 431: "Request Header Fields Too Large", 500: "Internal Server Error",
    501: "Not Implemented", 503: "Service Unavailable", 505: "HTTP Version Not Supported",
  ]
}

/// Why a request is not given to the handler: a status, and one sentence for a person. The connection ends
/// with it, as what follows on it cannot be trusted to be a request.
package struct HTTPRefusal: Error, Equatable, Sendable {
  /// Of 400 or more.
  package let status: Int
  /// With its full stop; it holds nothing of the request.
  package let sentence: String

  init(_ status: Int, _ sentence: String) {
    self.status = status
    self.sentence = sentence
  }

  /// The answer that tells it.
  package var response: HTTPResponse {
    var response = HTTPResponse.text(status, sentence + "\n")
    if status == 405 {
      response.headers["Allow"] = HTTPRequest.Method.allCases.map(\.rawValue).joined(separator: ", ")
    }
    return response
  }
}
