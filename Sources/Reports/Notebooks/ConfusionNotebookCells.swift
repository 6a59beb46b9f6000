import Eval
import Experiments
import Figures
import Files

/// A confusion matrix: which labels are taken for which, each label's figures, the matrix as a heat map.
enum ConfusionNotebookCells: NotebookCells {
  static let kinds: [StoredPart.Kind] = [.result(schema: ConfusionResult.schema)]

  static func section(of part: StoredPart, data: String) throws -> NotebookSection {
    let (result, name, files) = try NotebookSection.result(part, ConfusionResult.self)
    let report = ConfusionReport(result)
    return NotebookSection(
      title: "Confusion matrix of \(result.classifier)", finding: finding(report),
      table: table(report.matrix),
      code: [
        .code(load("\(data)/\(name)"), [Printed.lines(printed(report.matrix))]),
        .code(draw, [.picture(try NotebookPicture(report.map.drawing))]),
      ], files: files)
  }

  private static func finding(_ report: ConfusionReport) -> String {
    let pairs = report.matrix.mostConfused(3).map { pair in
      "\(Markdown.escaped(pair.first)) and \(Markdown.escaped(pair.second)) (\(pair.count))"
    }
    return Markdown.escaped(report.summary) + ". "
      + (pairs.isEmpty
        ? "No image was taken for another label." : "Most often confused: \(pairs.joined(separator: ", ")).")
  }

  private static func table(_ matrix: ConfusionMatrix) -> String {
    Markdown.table(
      ["label", "precision", "recall", "F1", "images"],
      matrix.perClass.map { label in
        [label.label] + [label.precision, label.recall, label.f1].map { Text.percent($0) } + [
          "\(label.support)"
        ]
      })
  }

  // MARK: - Code

  private static func load(_ path: String) -> String {
    #"""
    confusion = read_json("\#(path)")
    labels, matrix = confusion["labels"], np.array(confusion["matrix"])
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)

    width = max(len(label) for label in labels)
    for label, row, share in zip(labels, matrix, np.diag(shares)):
        print(f"{label.ljust(width)}  {row.sum():6d} images  {share:6.1%} recognised")
    """#
  }

  private static func printed(_ matrix: ConfusionMatrix) -> [String] {
    let width = matrix.labels.map(Printed.width).max() ?? 0
    return matrix.labels.indices.map { index in
      let sum = matrix.matrix[index].reduce(0, +)
      let share = Double(matrix.matrix[index][index]) / Double(max(sum, 1))
      return "\(Printed.left(matrix.labels[index], width))  \(Printed.right("\(sum)", 6)) images  "
        + "\(Printed.right(Printed.percent(share), 6)) recognised"
    }
  }

  private static let draw = #"""
    figure, axes = plt.subplots(figsize=(8, 7))
    picture = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(matrix):
        color = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, count, ha="center", va="center", color=color, fontsize=8)
    axes.set_xticks(range(len(labels)), labels, rotation=45, ha="right")
    axes.set_yticks(range(len(labels)), labels)
    axes.set(xlabel="predicted", ylabel="true", title=f"Confusion matrix of {confusion['classifier']}")
    figure.colorbar(picture, label="share of the true label")
    plt.show()
    """#
}
