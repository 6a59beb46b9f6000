import Experiments
import Figures
import Files
import Generators

/// A row of a reproduction: what its report claims, whether it holds, the losses and the last grid.
enum ReproductionNotebookCells: NotebookCells {
  static let kinds: [StoredPart.Kind] = [.result(schema: RowEvidence.schema)]

  static func section(of part: StoredPart, data: String) throws -> NotebookSection {
    let (evidence, name, files) = try NotebookSection.result(part, RowEvidence.self)
    let row = try row(of: evidence, path: part.path)
    var section = NotebookSection(
      title: "\(row.id): \(row.title)", finding: finding(row, evidence),
      table: ReproductionReport.claims(of: row, evidence),
      code: [],
      files: files)
    if !evidence.losses.isEmpty {
      section.code = [
        .code(load("\(data)/\(name)"), [Printed.lines(printed(evidence))]),
        .code(draw(row), [.picture(try NotebookPicture(chart(row, evidence).drawing))]),
      ]
    }
    for picture in evidence.pictures where picture.file.hasSuffix(".png") {
      let bytes = try part.data(picture.file, limit: NotebookSection.largestFile)
      section.files[picture.file] = bytes
      section.code.append(
        .code(
          NotebookSection.show("\(data)/\(picture.file)", title: picture.caption),
          [
            .picture(
              try NotebookPicture(bytes, path: "\(part.folder)/\(picture.file)", title: picture.caption))
          ]))
    }
    return section
  }

  /// - Throws: ``FileError/malformed(path:expected:found:)`` for evidence of a row that is not there.
  private static func row(of evidence: RowEvidence, path: String) throws(FileError) -> PublishedRow {
    guard let row = PublishedRows.all.first(where: evidence.isOf) else {
      throw .malformed(
        path: path, expected: "evidence of a row of eval reproduce --list", found: evidence.identity)
    }
    return row
  }

  private static func finding(_ row: PublishedRow, _ evidence: RowEvidence) -> String {
    let warnings = evidence.warnings.map { "**Warned of** \(Markdown.escaped($0))." }
    let commands = ReproductionReport.commands(of: evidence)
    return ([ReproductionReport.summary(of: row, evidence)] + warnings + [commands])
      .joined(separator: "\n\n")
  }

  private static func chart(_ row: PublishedRow, _ evidence: RowEvidence) -> LineChart {
    let names = evidence.losses.last?.losses.names ?? []
    return GeneratorReport.lossChart(
      of: row.id, subtitle: "",
      names.map { name in
        (
          name,
          evidence.losses.compactMap { record in
            record.losses[name].map { LineChart.Point(Double(record.step), $0) }
          }
        )
      })
  }

  // MARK: - Code

  private static func load(_ path: String) -> String {
    #"""
    records = [
        (record["step"], dict(zip(record["losses"]["names"], record["losses"]["values"])))
        for record in read_json("\#(path)")["losses"]
    ]
    step, losses = records[-1]
    print(f"{len(records)} intervals, the last to step {step}")
    for name, value in losses.items():
        print(f"{name}: {value:.4f}")
    """#
  }

  private static func printed(_ evidence: RowEvidence) -> [String] {
    guard let last = evidence.losses.last else { return [] }
    return ["\(evidence.losses.count) intervals, the last to step \(last.step)"]
      + zip(last.losses.names, last.losses.values).map { "\($0): \(Printed.fixed($1, 4))" }
  }

  private static func draw(_ row: PublishedRow) -> String {
    #"""
    figure, axes = plt.subplots(figsize=(9, 4.5))
    for name in losses:
        axes.plot([step for step, _ in records], [values[name] for _, values in records], label=name)
    axes.set(xlabel="generator steps", ylabel="loss", title="Losses of \#(row.id)")
    axes.legend()
    plt.show()
    """#
  }
}
