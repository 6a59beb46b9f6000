import Experiments
import Files
import FoundationEssentials

/// A training that has not ended: its losses so far and the newest of its grids. Where the page is served, it
/// follows the training.
struct TrainingPage {
  /// Of the training's folder, below the site's.
  let path: String
  let folder: StoredFolder

  var content: Markup {
    let newest: Markup =
      folder.newestGrid(of: path).map { grid in
        let caption = "What it draws after \(grid.step) steps"
        return .picture(Address.file(grid.path), caption, caption: Markup(caption), isPixelated: true)
      } ?? "<p>It has drawn nothing yet: a grid comes with each snapshot.</p>\n"
    let losses = path.appendingPathComponent("losses.csv")
    let chart: Markup =
      folder.tables.contains(losses)
      ? .shown {
        try LossSection(losses, of: (path.isEmpty ? folder.path : path).lastPathComponent, in: folder)
          .markup
      }
      : "<p>No losses yet.</p>\n"
    return "<p>This training is running, or was stopped and can be resumed.</p>\n"
      + "<div data-live>\n\(newest)\(Markup.section("Losses", chart))</div>\n"
  }
}
