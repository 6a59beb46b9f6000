import FoundationEssentials

/// The file of a form that sends one (RFC 7578): the content of the part with a name.
///
/// Reads no nested parts and no encodings, which browsers do not send.
package enum Multipart {
  /// - Parameters:
  ///   - name: of the form's field.
  ///   - contentType: of the request, with its boundary.
  /// - Returns: nil where the body is no form, or has no such part.
  package static func file(_ name: String, in body: Data, contentType: String) -> Data? {
    guard contentType.lowercased().hasPrefix("multipart/form-data"), let boundary = boundary(contentType)
    else {
      return nil
    }
    let mark = Data("--\(boundary)".utf8)
    var start = body.startIndex
    while let opened = body[start...].firstRange(of: mark) {
      guard let head = body[opened.upperBound...].firstRange(of: Data("\r\n\r\n".utf8)),
        let closed = body[head.upperBound...].firstRange(of: Data("\r\n".utf8) + mark)
      else { return nil }
      let lines = String(decoding: body[opened.upperBound..<head.lowerBound], as: UTF8.self)
      if lines.contains("name=\"\(name)\"") { return Data(body[head.upperBound..<closed.lowerBound]) }
      start = closed.lowerBound
    }
    return nil
  }

  /// At most 70 characters, in quotes or not.
  private static func boundary(_ contentType: String) -> String? {
    guard let place = contentType.firstRange(of: "boundary=") else { return nil }
    let value = contentType[place.upperBound...].prefix { $0 != ";" }.filter { $0 != "\"" && $0 != " " }
    return (1...70).contains(value.count) ? String(value) : nil
  }
}
