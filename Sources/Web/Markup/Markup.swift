import Figures

/// HTML that is safe to put on a page: what is interpolated as text is escaped, what is `Markup` already is
/// not.
///
///     let row: Markup = "<td>\(name)</td><td>\(link)</td>"
///
/// Only literals of the program become markup. Checks no HTML: whether tags are closed is for the tests of
/// the pages.
package struct Markup: Sendable, Equatable {
  /// As it goes into a file.
  package private(set) var text: String

  private init(trusted text: String) { self.text = text }

  /// Nothing.
  package static let empty = Markup(trusted: "")

  /// Text of whatever origin, in which nothing becomes markup: `<` is `&lt;`, and so are quotes, so that it
  /// may also stand in an attribute.
  package init(_ text: String) { self.text = SVG.withoutMarkup(text) }

  /// Markup that another part of the program has made, such as a drawing as SVG: it must have escaped what
  /// came from outside.
  package static func made(_ markup: String) -> Markup { Markup(trusted: markup) }

  package static func += (a: inout Markup, b: Markup) { a.text += b.text }
  package static func + (a: Markup, b: Markup) -> Markup { Markup(trusted: a.text + b.text) }
}

extension Markup: ExpressibleByStringInterpolation {
  package init(stringLiteral value: String) { self.init(trusted: value) }
  package init(stringInterpolation: Interpolation) { self.init(trusted: stringInterpolation.text) }

  /// Escapes what is no markup.
  package struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }
    package mutating func appendLiteral(_ literal: String) { text += literal }
    package mutating func appendInterpolation(_ markup: Markup) { text += markup.text }
    package mutating func appendInterpolation(_ text: String) { self.text += Markup(text).text }
    package mutating func appendInterpolation(_ number: Int) { text += "\(number)" }
    /// Nothing where it is nil.
    package mutating func appendInterpolation(_ markup: Markup?) { text += markup?.text ?? "" }
  }
}

extension Sequence<Markup> {
  /// One after the other.
  package func joined(separator: Markup = .empty) -> Markup {
    .made(map(\.text).joined(separator: separator.text))
  }
}
