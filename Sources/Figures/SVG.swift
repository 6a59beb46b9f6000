import Files
import FoundationEssentials
import Pictures

/// A ``Drawing`` as SVG.
///
/// Text stays text (searchable, in the reader's own sans-serif font), bitmaps are embedded as PNG, and the
/// white canvas is painted, so that the picture also reads on a dark page. Nothing is fetched from elsewhere.
public enum SVG {
  /// The drawing as a whole SVG document, ended by a line break.
  ///
  /// - Parameters:
  ///   - drawing: a point of it becomes one CSS pixel.
  ///   - path: the file that the text is meant for; only named in an error.
  /// - Throws: `FileError/unwritable(path:reason:)` when an embedded bitmap cannot be encoded.
  public static func text(of drawing: Drawing, path: String = "SVG") throws(FileError) -> String {
    let (width, height) = (number(drawing.width), number(drawing.height))
    var lines = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" role="img" font-family="\(fonts)" \
      stroke-linecap="round" stroke-linejoin="round">
      """
    ]
    if !drawing.title.isEmpty { lines.append("<title>\(escaped(drawing.title))</title>") }
    lines.append(#"<rect width="\#(width)" height="\#(height)" fill="white"/>"#)
    for element in drawing.elements { try append(element, to: &lines, path: path) }
    lines.append("</svg>\n")
    return lines.joined(separator: "\n")
  }

  private static let fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"

  private static func append(
    _ element: Drawing.Element, to lines: inout [String], path: String
  ) throws(FileError) {
    switch element {
    case .shape(let shape, let fill, let stroke):
      lines.append("<\(geometry(of: shape))\(attributes(of: fill))\(attributes(of: stroke))/>")
    case .text(let text):
      lines.append(markup(of: text))
    case .bitmap(let bitmap, let rectangle):
      let png = try PNG.encode(bitmap, path: path).base64EncodedString()
      lines.append(
        """
        <image \(attributes(of: rectangle)) preserveAspectRatio="none" style="image-rendering:pixelated" \
        href="data:image/png;base64,\(png)"/>
        """)
    case .clipped(let elements, let rectangle):
      // An inner <svg> cuts off what lies outside it, without an id that could clash on a page of several.
      let box = [rectangle.x, rectangle.y, rectangle.width, rectangle.height].map(number)
      lines.append(#"<svg \#(attributes(of: rectangle)) viewBox="\#(box.joined(separator: " "))">"#)
      for element in elements { try append(element, to: &lines, path: path) }
      lines.append("</svg>")
    }
  }

  private static func geometry(of shape: Drawing.Shape) -> String {
    func list(_ points: [Drawing.Point]) -> String {
      points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
    }
    switch shape {
    case .rectangle(let rectangle, let radius):
      let corners = radius > 0 ? #" rx="\#(number(radius))""# : ""
      return "rect \(attributes(of: rectangle))\(corners)"
    case .circle(let center, let radius):
      return #"circle cx="\#(number(center.x))" cy="\#(number(center.y))" r="\#(number(radius))""#
    case .polyline(let points):
      return #"polyline points="\#(list(points))""#
    case .polygon(let points):
      return #"polygon points="\#(list(points))""#
    }
  }

  private static func attributes(of rectangle: Drawing.Rectangle) -> String {
    """
    x="\(number(rectangle.x))" y="\(number(rectangle.y))" \
    width="\(number(max(0, rectangle.width)))" height="\(number(max(0, rectangle.height)))"
    """
  }

  private static func attributes(of fill: Drawing.Fill?) -> String {
    guard let fill else { return #" fill="none""# }
    let opacity = fill.opacity < 1 ? #" fill-opacity="\#(number(fill.opacity))""# : ""
    return #" fill="\#(fill.color.code)"\#(opacity)"#
  }

  private static func attributes(of stroke: Drawing.Stroke?) -> String {
    guard let stroke else { return "" }
    let dashes = stroke.dashes.map(number).joined(separator: " ")
    let pattern = dashes.isEmpty ? "" : #" stroke-dasharray="\#(dashes)""#
    return #" stroke="\#(stroke.color.code)" stroke-width="\#(number(stroke.width))"\#(pattern)"#
  }

  private static func markup(of text: Drawing.Text) -> String {
    let (x, y) = (number(text.position.x), number(text.position.y))
    let anchor =
      switch text.anchor {
      case .start: ""
      case .middle: #" text-anchor="middle""#
      case .end: #" text-anchor="end""#
      }
    let weight = text.weight == .bold ? #" font-weight="600""# : ""
    let rotation = text.degrees == 0 ? "" : #" transform="rotate(\#(number(text.degrees)) \#(x) \#(y))""#
    return """
      <text x="\(x)" y="\(y)" font-size="\(number(text.size))" fill="\(text.color.code)"\
      \(anchor)\(weight)\(rotation)>\(escaped(text.string))</text>
      """
  }

  /// At most two decimals, no trailing zeros, no exponent; what is not a number becomes 0.
  package static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let hundredths = Int((min(max(value, -1e9), 1e9) * 100).rounded())
    let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    let sign = hundredths < 0 ? "-" : ""
    switch rest {
    case 0: return "\(sign)\(whole)"
    case let rest where rest % 10 == 0: return "\(sign)\(whole).\(rest / 10)"
    case let rest where rest < 10: return "\(sign)\(whole).0\(rest)"
    default: return "\(sign)\(whole).\(rest)"
    }
  }

  /// Text for between tags or quotes. Characters that XML forbids become U+FFFD.
  package static func escaped(_ string: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\t", "\n", "\r": result.append(" ")
      case "\u{0}"..."\u{1F}", "\u{7F}", "\u{FFFE}", "\u{FFFF}": result.append("\u{FFFD}")
      default: result.append(scalar)
      }
    }
    return withoutMarkup(String(result))
  }

  /// Text in which nothing is markup, in XML as in HTML; other characters stay as they are.
  package static func withoutMarkup(_ string: String) -> String {
    var result = ""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
