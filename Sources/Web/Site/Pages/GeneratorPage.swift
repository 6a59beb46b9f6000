import Eval
import Experiments
import Figures
import Files
import Reports

/// A generator: what the judges find, its pictures, every figure between its floor and its ceiling, its
/// training, and how all of it came about.
struct GeneratorPage {
  let entry: GeneratorEntry
  let pictures: [GeneratorEntry.Picture]
  /// The table of its losses, below the folder.
  let losses: String?
  let folder: StoredFolder

  var content: Markup {
    finding + images + entry.scores.map { GeneratorScoreSection($0).markup }.joined() + training + origin
  }

  // MARK: - Parts

  private var finding: Markup {
    guard let note = entry.finding else {
      return "<p>It has not been scored: <code>eval score</code> judges what it draws.</p>\n"
    }
    let verdicts = entry.verdicts.map { verdict -> Markup in
      "<dt class=\"verdict\">\(verdict.name.rawValue)</dt><dd>\(verdict.detail.visible(limit: 1000))</dd>\n"
    }
    return "<p>\(note)</p>\n"
      + (verdicts.isEmpty ? "<p>The judges found nothing amiss.</p>\n" : "<dl>\n\(verdicts.joined())</dl>\n")
  }

  private var images: Markup {
    guard !pictures.isEmpty else { return .empty }
    return .section(
      "Images",
      pictures.map { picture in
        .picture(
          Address.file(picture.path), "\(entry.title): \(picture.caption)", caption: Markup(picture.caption),
          isPixelated: picture.isPixelated)
      }.joined())
  }

  private var training: Markup {
    guard let losses else { return .empty }
    return .section(
      "Training", id: "training", .shown { try LossSection(losses, of: entry.title, in: folder).markup })
  }

  private var origin: Markup {
    let trained = entry.training.map { training in
      ManifestSection(
        command: training.part.command, beside: training.path, in: folder, files: losses.map { [$0] } ?? []
      ).markup
    }
    return trained ?? .empty
  }
}

/// The losses of a training as a chart with its warnings, and some of the steps as a table.
struct LossSection {
  private let table: TrainingTable
  private let name: String

  /// - Parameter path: of the table, below the folder.
  init(_ path: String, of name: String, in folder: StoredFolder) throws(FileError) {
    let place = folder.place(path)
    table = try TrainingTable(
      folder.read(path, limit: StoredPart.largestFile), position: "step", path: place)
    self.name = name
  }

  var markup: Markup {
    get throws {
      guard let last = table.rows.last else { return "<p>No losses were kept.</p>\n" }
      let warnings = table.warnings.map { warning -> Markup in
        "Step \(warning.position): \(warning.text.visible(limit: 1000))"
      }
      let shown = table.sample(1500)
      let points = table.names.indices.map { column in
        (table.names[column], shown.map { LineChart.Point(Double($0.position), $0.values[column]) })
      }
      let chart = GeneratorReport.lossChart(of: name.visible(limit: 80), subtitle: "", points)
      let figures = zip(table.names, last.values).map { "\($0) \(Text.short($1))" }.joined(separator: ", ")
      return "<p>After \(last.position) steps the losses are: \(figures.visible(limit: 400)).</p>\n"
        + (warnings.isEmpty ? .empty : "<p>The training was warned of:</p>\n" + .list(warnings))
        + (try ChartFigure.markup(chart, name: "step", value: { Text.fixed($0, 4) }))
        + .table(
          "Losses of some steps", ["step"] + table.names,
          table.sample(8).map { row in ["\(row.position)"] + row.values.map { Text.fixed($0, 4) } })
    }
  }
}
