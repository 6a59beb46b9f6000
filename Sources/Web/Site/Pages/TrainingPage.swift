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
    get throws {
      let grids = folder.pictures.filter {
        $0.deletingLastPathComponent == path.appendingPathComponent("grids")
          && $0.lastPathComponent.hasPrefix("step-")
      }
      let newest: Markup =
        grids.max().map { grid in
          .picture(
            Address.file(grid), "What it draws \(GeneratorEntry.step(grid))",
            caption: "What it draws \(GeneratorEntry.step(grid))", isPixelated: true)
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
}
