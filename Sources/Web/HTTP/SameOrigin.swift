import Glibc

/// Who may ask: programs, and pages of this server; not pages of other sites that a browser shows at the same
/// time.
///
/// The check of `Host` is against names of others that are made to lead to this machine (DNS rebinding), the
/// others against foreign pages that send forms here or show what is here. It knows no users, and does not
/// keep out programs on this machine.
package struct SameOrigin: Sendable {
  private let names: Set<String>
  private let port: String
  /// Whether the server listens at all addresses: then it is reached at addresses that it does not know.
  private let isEverywhere: Bool

  /// - Parameters:
  ///   - host: the name or address that was asked for; an IPv6 address without brackets.
  ///   - port: where the server listens.
  package init(host: String, port: UInt16) {
    names = ["localhost", "127.0.0.1", "[::1]", host.contains(":") ? "[\(host)]" : host.lowercased()]
    self.port = ":\(port)"
    isEverywhere = host == "0.0.0.0" || host == "::"
  }

  /// - Parameters:
  ///   - request: of which the method and the header fields are looked at.
  ///   - needsHost: whether `Host` must be there, as from HTTP/1.1 on.
  /// - Throws: ``HTTPRefusal`` with status 400 for a lacking or repeated `Host`, 421 for one that is not this
  ///   server's, and 403 for requests that other sites made a browser send.
  package func check(_ request: HTTPRequest, needsHost: Bool = true) throws(HTTPRefusal) {
    let hosts = request.headers.all("Host").map { $0.lowercased() }
    guard hosts.count == 1 || hosts.isEmpty && !needsHost else {
      throw HTTPRefusal(400, "A request must tell its host once.")
    }
    guard hosts.allSatisfy(isOurs) else {
      throw HTTPRefusal(
        421, "This server has another name than it was asked by: use the address that it told.")
    }
    let site = request.headers["Sec-Fetch-Site"]
    switch request.method {
    case .get, .head:
      let isForeign = site == "cross-site" || site == "same-site"
      guard !isForeign || request.headers["Sec-Fetch-Mode"] == "navigate" else {
        throw HTTPRefusal(403, "What is here cannot be part of a page of another site.")
      }
    case .post:
      let ours = hosts.map { "http://\($0)" }
      guard site != "cross-site", site != "same-site",
        request.headers.all("Origin").allSatisfy({ ours.contains($0.lowercased()) })
      else { throw HTTPRefusal(403, "A page of another site cannot change what is here.") }
    }
  }

  private func isOurs(_ host: String) -> Bool {
    let name = host.hasSuffix(port) ? String(host.dropLast(port.count)) : host
    return names.contains(name) || isEverywhere && Self.isAddress(name)
  }

  /// Whether this is an address in digits. No name leads to it, so that it may be any.
  private static func isAddress(_ name: String) -> Bool {
    var address = in6_addr()
    let isBracketed = name.hasPrefix("[") && name.hasSuffix("]")
    let digits = isBracketed ? String(name.dropFirst().dropLast()) : name
    return inet_pton(isBracketed ? AF_INET6 : AF_INET, digits, &address) == 1
  }
}
