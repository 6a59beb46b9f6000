import Eval
import Experiments
import Figures
import Files

/// How well images were coloured: the colorizer beside the other ways to colour them.
enum ColorizationNotebookCells: NotebookCells {
  static let kinds: [StoredPart.Kind] = [.result(schema: ColorizationResult.schema)]

  static func section(of part: StoredPart, data: String) throws -> NotebookSection {
    let (result, name, files) = try NotebookSection.result(part, ColorizationResult.self)
    let own = result.figures[0]
    return NotebookSection(
      title: "Colouring by \(own.name)",
      finding: "\(result.count) images of \(Markdown.escaped(result.source)): the colours are off by "
        + "\(error(own)) in [0, 1], and the label can be "
        + "told from the colour of \(Text.percent(own.labelFromColor.value)).",
      table: Markdown.table(
        ["way", "colour error", "black background", "label from colour"],
        result.figures.map { way in
          [
            way.name,
            error(way),
            Text.percent(way.blackBackground.value, digits: 2),
            "\(Text.percent(way.labelFromColor.value)) (\(Text.percents(way.labelFromColor.interval)))",
          ]
        }),
      code: [
        .code(load("\(data)/\(name)"), [Printed.lines(printed(result))]),
        .code(draw, [.picture(try NotebookPicture(chart(result).drawing))]),
      ], files: files)
  }

  private static func error(_ way: ColorizationResult.Figures) -> String {
    "\(Text.fixed(way.colorError.value, 4)) ± \(Text.fixed(way.colorError.standardError, 4))"
  }

  private static func chart(_ result: ColorizationResult) -> BarChart {
    BarChart(
      title: "Colour error", subtitle: "mean distance from the right colour, in [0, 1]",
      bars: result.figures.map { .init($0.name.visible(limit: 60), $0.colorError.value) }, maximum: nil,
      format: .plain, decimals: 4)
  }

  // MARK: - Code

  private static func load(_ path: String) -> String {
    #"""
    ways = read_json("\#(path)")["figures"]

    for way in ways:
        error, label = way["color_error"], way["label_from_color"]
        print(
            f"{way['name']}: colour error {error['value']:.4f} ± {error['standard_error']:.4f}, "
            f"label from colour {label['value']:.1%}"
        )
    """#
  }

  private static func printed(_ result: ColorizationResult) -> [String] {
    result.figures.map { way in
      "\(way.name): colour error \(Printed.fixed(way.colorError.value, 4)) ± "
        + "\(Printed.fixed(way.colorError.standardError, 4)), label from colour "
        + Printed.percent(way.labelFromColor.value)
    }
  }

  private static let draw = #"""
    names = [way["name"] for way in ways]
    values = [way["color_error"]["value"] for way in ways]
    errors = [1.96 * way["color_error"]["standard_error"] for way in ways]
    figure, axes = plt.subplots(figsize=(8, 0.4 * len(names) + 1))
    axes.barh(range(len(names)), values, xerr=errors, capsize=3, tick_label=names)
    axes.invert_yaxis()
    axes.set(xlabel="mean distance from the right colour", title="Colour error")
    plt.show()
    """#
}
