import Experiments
import Files

/// The first page: what cannot be shown, then a list of each kind of thing, with the pictures of generators.
extension Site {
  var overview: Markup {
    let groups = SitePage.Group.allCases.compactMap { group -> Markup? in
      let own = pages.filter { $0.group == group }
      guard !own.isEmpty else { return nil }
      return .section(
        group.rawValue, id: "group-\(SitePage.Group.allCases.firstIndex(of: group) ?? 0)",
        group == .generators ? cards(own) : list(own))
    }
    let isEmpty = pages.isEmpty && faults.isEmpty
    let intro: Markup =
      isEmpty
      ? "<p>Nothing here that Assay made: no result, no training, no document.</p>"
      : "<p class=\"quiet\">\(Text.counted(pages.count, "page")) over what lies in \(folder.path.visible()).</p>\n"
    return intro + faultList + groups.joined()
  }

  private var faultList: Markup {
    guard !faults.isEmpty else { return .empty }
    let items = faults.map { fault -> Markup in "\(fault.sentence.visible(limit: 1000))" }
    return """
      <section class="faults"><h2>\(Text.counted(faults.count, "file")) that cannot be shown</h2>
      \(Markup.list(items))</section>

      """
  }

  private func list(_ pages: [SitePage]) -> Markup {
    .list(
      pages.map { page in
        page.note.isEmpty
          ? .link(page.title, to: page.address)
          : "\(Markup.link(page.title, to: page.address)) <span class=\"quiet\">\(page.note.visible(limit: 400))</span>"
      })
  }

  private func cards(_ pages: [SitePage]) -> Markup {
    let cards = pages.map { page -> Markup in
      let picture: Markup? = page.picture.map {
        "<img class=\"pixels\" src=\"\($0)\" alt=\"Images of \(page.title)\" loading=\"lazy\">"
      }
      return """
        <li><h3>\(Markup.link(page.title, to: page.address))</h3>\(picture)<p>\(page.note)</p></li>

        """
    }
    return "<ul class=\"cards\">\n\(cards.joined())</ul>\n"
  }
}
