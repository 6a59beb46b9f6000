import Experiments
import Files

/// A page: its title and content in the frame that all pages share.
///
/// Fetches nothing but its own style and script, works without the script, and follows the reader's choice of
/// light or dark.
package struct WebPage: Sendable {
  /// A place that every page leads to.
  package struct Link: Sendable, Equatable {
    package let title, address: String

    package init(_ title: String, _ address: String) { (self.title, self.address) = (title, address) }
  }

  /// The heading, and in the title of the window.
  package let title: String
  /// What stands below the heading.
  package let content: Markup
  /// The style sheet and the script, as the page finds them.
  package static let styleName = StoredFolder.siteMark
  package static let scriptName = "assay.js"

  package init(title: String, _ content: Markup) {
    self.title = title.visible(limit: 300)
    self.content = content
  }

  /// The whole document.
  ///
  /// - Parameters:
  ///   - links: at its top, those of the site.
  ///   - site: what the site is called.
  ///   - own: the page's own address among the links.
  ///   - scripts: beside the common one, each by its address.
  package func document(links: [Link], site: String, own: String, scripts: [String] = []) -> String {
    let entries = links.map { link -> Markup in
      let current: Markup = link.address == own ? " aria-current=\"page\"" : ""
      return "<li><a href=\"\(link.address)\"\(current)>\(link.title)</a></li>"
    }
    let code = ([Self.scriptName] + scripts).map { "<script src=\"\($0)\" defer></script>\n" as Markup }
    let markup: Markup = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(title) – \(site)</title>
      <link rel="icon" href="data:,">
      <link rel="stylesheet" href="\(Self.styleName)">
      \(code.joined())</head>
      <body>
      <a class="skip" href="#content">To the content</a>
      <header><nav aria-label="Site"><ul>\(entries.joined())</ul></nav></header>
      <main id="content">
      <h1>\(title)</h1>
      \(content)</main>
      <footer><p>Made by Assay.</p></footer>
      </body>
      </html>

      """
    return markup.text
  }
}
