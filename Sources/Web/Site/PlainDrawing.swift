import FoundationEssentials

/// Whether an SVG file is a drawing and nothing else. A page may link to it then: opened by itself, an SVG
/// runs its scripts in the name of the site.
///
/// Allowed are the elements that draw, without links, animations and embedded documents, and no attribute
/// that is a program. What is no SVG at all may pass: a browser draws nothing of it.
enum PlainDrawing {
  private static let elements: Set<String> = [
    "circle", "clippath", "defs", "desc", "ellipse", "g", "image", "line", "lineargradient", "path",
    "polygon", "polyline", "radialgradient", "rect", "stop", "svg", "text", "title", "tspan",
  ]

  static func isOne(_ data: Data) -> Bool {
    guard let text = String(validating: data, as: UTF8.self)?.lowercased() else { return false }
    return !text.contains(/\son[a-z]+\s*=|<!(?!--)|<\?(?!xml )/)
      && text.matches(of: /<\/?([a-z][^\s\/>]*)/).allSatisfy { elements.contains(String($0.output.1)) }
  }
}
