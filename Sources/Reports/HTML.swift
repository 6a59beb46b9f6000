import Figures
import Files

/// Words for HTML, in which no text of a file becomes markup.
package enum HTML {
  package static func escaped(_ text: String) -> String { SVG.escaped(text.visible(limit: longest)) }

  /// Characters of one text that are written at most.
  private static let longest = 4000
}
