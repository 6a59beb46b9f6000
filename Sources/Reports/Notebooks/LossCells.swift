import Experiments
import Figures
import Files
import FoundationEssentials

/// The losses and the grids of a training that has both, a generator's or a colorizer's: a part of their
/// cells.
struct LossCells {
  private let table: TrainingTable
  private let name: String
  /// The folder of the data in the code.
  private let data: String
  private(set) var files: [String: Data]
  private let grids: [(name: String, bitmap: NotebookPicture)]

  /// Bytes of the losses at most; a training of a day has a tenth.
  private static let largestTable = NotebookSection.largestFile

  /// - Parameter shown: of the grids of the training, by their paths in its folder.
  init(_ part: StoredPart, of name: String, grids shown: [String], data: String) throws {
    let (bytes, table) = try part.table("losses.csv", position: "step")
    guard bytes.count <= Self.largestTable else {
      throw FileError.malformed(
        path: "\(part.folder)/losses.csv", expected: "at most \(Self.largestTable) bytes",
        found: "\(bytes.count)")
    }
    (self.table, self.name, self.data) = (table, name, data)
    var files = table.rows.isEmpty ? [:] : ["losses.csv": bytes]
    grids = try shown.map { grid in
      let bytes = try part.data(grid, limit: NotebookSection.largestFile)
      let file = grid.lastPathComponent
      files[file] = bytes
      let title = "After \(GridName.step(of: file) ?? 0) steps"
      return (file, try NotebookPicture(bytes, path: "\(part.folder)/\(grid)", title: title))
    }
    self.files = files
  }

  /// What the losses came to.
  var finding: String {
    guard let last = table.rows.last else { return "No losses were kept." }
    let losses = zip(table.names, last.values).map { "\(Markdown.escaped($0)) \(Text.short($1))" }
    return "After \(last.position) steps the losses are: \(losses.joined(separator: ", "))."
      + table.warnings.map { "\n\n**Warned at step \($0.position)**: \(Markdown.escaped($0.text))." }.joined()
  }

  /// Some of the steps.
  var markdown: String {
    guard !table.rows.isEmpty else { return "" }
    return Markdown.table(
      ["step"] + table.names,
      table.sample(8).map { row in ["\(row.position)"] + row.values.map { Text.fixed($0, 4) } })
  }

  func code() throws -> [NotebookCell] {
    var cells: [NotebookCell] = []
    if !table.rows.isEmpty {
      let points = table.names.indices.map { column in
        (table.names[column], table.rows.map { LineChart.Point(Double($0.position), $0.values[column]) })
      }
      let chart = GeneratorReport.lossChart(of: name, subtitle: "", points)
      cells = [
        .code(load, [Printed.lines(printed)]),
        .code(draw, [.picture(try NotebookPicture(chart.drawing))]),
      ]
    }
    for grid in grids {
      cells.append(
        .code(NotebookSection.show("\(data)/\(grid.name)", title: grid.bitmap.title), [.picture(grid.bitmap)])
      )
    }
    return cells
  }

  // MARK: - Code

  private var load: String {
    #"""
    losses = read_csv("\#(data)/losses.csv")
    names = [name for name in losses[0] if name not in ("step", "warning")]
    rows = [row for row in losses if row[names[0]]]  # others hold a warning alone

    last = rows[-1]
    print(f"{len(rows)} rows, the last of step {last['step']}")
    for name in names:
        print(f"{name}: {float(last[name]):.4f}")
    """#
  }

  private var printed: [String] {
    guard let last = table.rows.last else { return [] }
    return ["\(table.rows.count) rows, the last of step \(last.position)"]
      + zip(table.names, last.values).map { "\($0): \(Printed.fixed($1, 4))" }
  }

  private var draw: String {
    #"""
    steps = [int(row["step"]) for row in rows]
    figure, axes = plt.subplots(figsize=(9, 4.5))
    for name in names:
        axes.plot(steps, [float(row[name]) for row in rows], label=name)
    axes.set(xlabel="generator steps", ylabel="loss", title=\#(NotebookJSON.quoted("Losses of \(name)")))
    axes.legend()
    plt.show()
    """#
  }
}
