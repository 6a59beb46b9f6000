import Eval
import Experiments
import Files
import FoundationEssentials
import Pictures
import Reports

/// A confusion matrix: what is taken for what, the matrix whose cells lead to their images, each label's
/// figures.
struct ConfusionPage: ResultPage {
  static let schema = ConfusionResult.schema
  static let address = "confusion"
  static let group = SitePage.Group.confusions

  let title: String
  let note: String
  let part: StoredPart
  let folder: StoredFolder
  private let report: ConfusionReport
  private let result: ConfusionResult
  /// nil where the matrix has no images beside it.
  private let cells: ConfusionCells?
  /// Why the images beside it cannot be shown.
  let fault: FileError?

  init(_ part: StoredPart, _ folder: StoredFolder) throws(FileError) {
    result = try part.result()
    report = ConfusionReport(result)
    (self.part, self.folder) = (part, folder)
    title = "Confusion matrix of \(result.classifier)"
    note = report.summary + "."
    let beside = folder.parts.first {
      $0.kind == .result(schema: ConfusionCells.schema) && $0.folder == part.folder
    }
    do throws(FileError) {
      var stored: ConfusionCells?
      if let beside { stored = try beside.result() }
      // Those of another matrix lead nowhere.
      if let other = stored, !other.isOf(result) { stored = nil }
      (cells, fault) = (stored, nil)
    } catch {
      (cells, fault) = (nil, error)
    }
  }

  func content() -> Markup {
    let pairs = report.matrix.mostConfused(5).map { pair -> Markup in
      "\(pair.first) and \(pair.second): \(pair.count) (\(pair.forward) and \(pair.backward))"
    }
    return "<p>\(report.summary).</p>\n"
      + (pairs.isEmpty
        ? "<p>No image was taken for another label.</p>\n" : "<p>Most often confused:</p>\n" + .list(pairs))
      + .section("Matrix", matrix) + .section("Label by label", perLabel) + images
      + origin([("SHA-256 of \(result.classifier)", result.weightsSha256)])
  }

  // MARK: - Parts

  private var matrix: Markup {
    let linked = Set((cells?.cells ?? []).map { [$0.label, $0.prediction] })
    let heads = result.labels.map { label -> Markup in "<th scope=\"col\" class=\"number\">\(label)</th>" }
    let rows = result.matrix.enumerated().map { label, counts -> Markup in
      let sum = max(1, counts.reduce(0, +))
      let cells = counts.enumerated().map { prediction, count -> Markup in
        let share = Double(count) / Double(sum)
        let kind: Markup =
          label == prediction
          ? "hit" : share >= 0.1 ? "miss3" : share >= 0.03 ? "miss2" : count > 0 ? "miss1" : "none"
        let text: Markup =
          linked.contains([label, prediction])
          ? "<a href=\"#\(Self.name(label, prediction))\">\(count)<span class=\"unseen\"> images of \(result.labels[label]) taken for \(result.labels[prediction])</span></a>"
          : "\(count)"
        return "<td class=\"\(kind)\">\(text)</td>"
      }
      return "<tr><th scope=\"row\">\(result.labels[label])</th>\(cells.joined())</tr>\n"
    }
    return """
      <p>Rows are the true labels, columns what they were taken for.</p>
      <div class="scroll" role="group" aria-label="Confusion matrix" tabindex="0"><table class="heat">
      <caption class="unseen">Confusion matrix</caption>
      <thead><tr><th scope="col">true</th>\(heads.joined())</tr></thead>
      <tbody>
      \(rows.joined())</tbody></table></div>

      """
  }

  private var perLabel: Markup {
    .table(
      "Each label's figures", ["label", "precision", "recall", "F1", "images"],
      report.matrix.perClass.map { label in
        [label.label] + [label.precision, label.recall, label.f1].map { Text.percent($0) } + [
          "\(label.support)"
        ]
      }, isSortable: true)
  }

  private var images: Markup {
    .shown {
      if let fault { throw fault }
      guard let cells else {
        return
          "<p class=\"quiet\">No images lie beside this matrix: <code>eval confusion-matrix --output</code> puts "
          + "them there.</p>\n"
      }
      let name = "\(ConfusionCellsReport.name).png"
      let path = "\(part.folder)/\(name)"
      let sheet = try PNG.decode(part.data(name, limit: Site.largestFile), path: path)
      let rows = try ConfusionCellsReport(cells).rows(of: sheet, path: path)
      // Mistakes first: they are what people look for.
      let order = zip(cells.cells, rows).sorted { a, b in
        (a.0.label == a.0.prediction ? 1 : 0, a.0.label, a.0.prediction)
          < (b.0.label == b.0.prediction ? 1 : 0, b.0.label, b.0.prediction)
      }
      let figures = try order.map { cell, row -> Markup in
        let (label, taken) = (result.labels[cell.label], result.labels[cell.prediction])
        let count = result.matrix[cell.label][cell.prediction]
        let title =
          cell.label == cell.prediction ? "\(label), recognised" : "\(label) taken for \(taken)"
        let shown = cell.images.count < count ? ", the first \(cell.images.count)" : ""
        let numbers = cell.images.map(String.init).joined(separator: ", ")
        let picture = "data:image/png;base64,\(try PNG.encode(row.scaled(by: 2)).base64EncodedString())"
        return """
          <section id="\(Self.name(cell.label, cell.prediction))"><h3>\(title)</h3>
          \(Markup.picture(picture, "Images of \(title)", caption: "\(Text.counted(count, "image"))\(shown): \(numbers)"))</section>

          """
      }
      let attacked = result.noise.map { " They are shown before the attack (\($0))." } ?? ""
      return .section(
        "Images", "<p>Numbers are the images' positions in the data.\(attacked)</p>\n" + figures.joined())
    }
  }

  private static func name(_ label: Int, _ prediction: Int) -> Markup { "cell-\(label)-\(prediction)" }
}
