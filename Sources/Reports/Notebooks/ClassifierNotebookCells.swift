import Classifier
import Experiments
import Figures
import Files

/// A classifier's training: its accuracies by epoch, and what its first layer looks at.
enum ClassifierNotebookCells: NotebookCells {
  static let kinds: [StoredPart.Kind] = [.training(.classifier)]

  private static let columns = ["loss", "train_accuracy", "test_accuracy"]

  static func section(of part: StoredPart, data: String) throws -> NotebookSection {
    let path = "\(part.folder)/history.csv"
    let classifier = try NeuralClassifier(contentsOf: "\(part.folder)/classifier.safetensors")
    let (bytes, history) = try part.table("history.csv", position: "epoch")
    guard history.names == columns, let last = history.rows.last else {
      throw FileError.malformed(
        path: path, expected: "an epoch or more with \(columns.joined(separator: ", "))",
        found: history.names == columns ? "no epoch" : history.names.joined(separator: ", "))
    }
    func points(_ column: Int) -> [LineChart.Point] {
      history.rows.map { .init(Double($0.position), $0.values[column]) }
    }
    let architecture = classifier.architecture.rawValue
    let chart = TrainingReport.chart(of: architecture, subtitle: "", training: points(1), test: points(2))
    var section = NotebookSection(
      title: "Training of \(architecture)",
      finding:
        "After \(last.position) epochs \(Text.percent(last.values[2], digits: 2)) of the test images "
        + "are right, and "
        + "\(Text.percent(last.values[1], digits: 2)) of the training images as they were seen.",
      table: Markdown.table(
        ["epoch", "loss", "training", "test"],
        history.sample(12).map { row in
          ["\(row.position)", Text.fixed(row.values[0], 4)]
            + row.values.dropFirst().map { Text.percent($0, digits: 2) }
        }),
      code: [
        .code(load("\(data)/history.csv"), [Printed.lines(printed(history))]),
        .code(draw(architecture), [.picture(try NotebookPicture(chart.drawing))]),
      ], files: ["history.csv": bytes])
    if let filters = FilterCells(classifier) {
      section.files[FilterCells.file] = filters.data
      section.code += try filters.code("\(data)/\(FilterCells.file)")
    }
    return section
  }

  // MARK: - Code

  private static func load(_ path: String) -> String {
    #"""
    history = read_csv("\#(path)")

    for row in history:
        print(f"epoch {row['epoch']}: loss {float(row['loss']):.4f}, test {float(row['test_accuracy']):.1%}")
    """#
  }

  private static func printed(_ history: TrainingTable) -> [String] {
    history.rows.map { row in
      "epoch \(row.position): loss \(Printed.fixed(row.values[0], 4)), test \(Printed.percent(row.values[2]))"
    }
  }

  private static func draw(_ architecture: String) -> String {
    #"""
    epochs = [int(row["epoch"]) for row in history]
    figure, axes = plt.subplots(figsize=(9, 4.5))
    for column, label in [("train_accuracy", "training"), ("test_accuracy", "test")]:
        axes.plot(epochs, [float(row[column]) for row in history], label=label)
    axes.set(xlabel="epoch", ylabel="accuracy", title="Training of the \#(architecture) classifier")
    axes.legend()
    plt.show()
    """#
  }
}
