import Experiments
import Figures
import Files

/// What is in a data set: how many images each label has.
enum DatasetNotebookCells: NotebookCells {
  static let kinds: [StoredPart.Kind] = [.result(schema: DatasetSummary.schema)]

  static func section(of part: StoredPart, data: String) throws -> NotebookSection {
    let (summary, name, files) = try NotebookSection.result(part, DatasetSummary.self)
    let chart = BarChart(
      title: "Images of each label", subtitle: "\(summary.name), \(summary.split) split",
      bars: summary.perLabel.map { .init($0.label, Double($0.count)) }, maximum: nil, format: .plain,
      decimals: 0)
    return NotebookSection(
      title: "The data set \(summary.name)",
      finding:
        "\(summary.count) images of \(summary.shape[1])×\(summary.shape[2]) in the "
        + "\(Markdown.escaped(summary.split)) split, "
        + (summary.sha256Ok
          ? "with the known SHA-256 of the set." : "with a SHA-256 that is not a known one."),
      table: Markdown.table(["label", "images"], summary.perLabel.map { [$0.label, "\($0.count)"] }),
      code: [
        .code(
          load("\(data)/\(name)"), [Printed.lines(summary.perLabel.map { "\($0.label): \($0.count)" })]),
        .code(draw, [.picture(try NotebookPicture(chart.drawing))]),
      ], files: files)
  }

  // MARK: - Code

  private static func load(_ path: String) -> String {
    #"""
    dataset = read_json("\#(path)")

    for label in dataset["per_label"]:
        print(f"{label['label']}: {label['count']}")
    """#
  }

  private static let draw = #"""
    labels = [label["label"] for label in dataset["per_label"]]
    figure, axes = plt.subplots(figsize=(8, 0.3 * len(labels) + 1))
    axes.barh(labels, [label["count"] for label in dataset["per_label"]])
    axes.invert_yaxis()
    axes.set(xlabel="images", title=f"{dataset['name']}, {dataset['split']} split")
    plt.show()
    """#
}
