import Eval
import Experiments
import Figures
import Files

/// Accuracy against ε: what is left at the end of each curve, the points as a table, the curves with their
/// intervals.
enum AccuracyNotebookCells: NotebookCells {
  static let kinds: [StoredPart.Kind] = [.result(schema: AccuracyVsEpsilon.schema)]

  static func section(of part: StoredPart, data: String) throws -> NotebookSection {
    let (result, name, files) = try NotebookSection.result(part, AccuracyVsEpsilon.self)
    let report = AccuracyReport(result)
    return NotebookSection(
      title: "Accuracy against ε", finding: finding(result, report), table: table(result, report),
      code: [
        .code(load("\(data)/\(name)"), [Printed.lines(printed(result))]),
        .code(draw(result), [.picture(try NotebookPicture(report.chart.drawing))]),
      ], files: files)
  }

  private static func finding(_ result: AccuracyVsEpsilon, _ report: AccuracyReport) -> String {
    let falls = result.curves.map { curve -> String in
      let name = Markdown.escaped(report.name(curve))
      let half = curve.points.first { $0.accuracy < curve.cleanAccuracy / 2 }
      let fall = half.map { "at ε = \(Text.short($0.epsilon)) more than half of these are lost: \(text($0))" }
      return "\(name): \(Text.percent(curve.cleanAccuracy)) of the clean images are right; "
        + (fall ?? "at no ε are more than half of these lost") + "."
    }
    let dataset = result.dataset
    let images = "\(dataset.count) \(dataset.split) images of \(dataset.name)"
    return "\(Markdown.escaped(images)), \(report.unit), 95 % Wilson intervals:\n\n"
      + falls.map { "- \($0)" }.joined(separator: "\n")
  }

  private static func text(_ point: AccuracyCurve.Point) -> String {
    "\(Text.percent(point.accuracy)), interval \(Text.percents(point.interval[0]...point.interval[1]))"
  }

  private static func table(_ result: AccuracyVsEpsilon, _ report: AccuracyReport) -> String {
    let rows = result.curves[0].points.indices.map { index in
      [Text.short(result.curves[0].points[index].epsilon)]
        + result.curves.map { curve in
          let point = curve.points[index]
          return "\(Text.percent(point.accuracy)) (\(Text.percents(point.interval[0]...point.interval[1])))"
        }
    }
    return Markdown.table(["ε"] + result.curves.map(report.name), rows)
  }

  // MARK: - Code

  private static func load(_ path: String) -> String {
    #"""
    curves = read_json("\#(path)")["curves"]
    names = [f"{c['classifier']}, {c['attack']}, {c['region']}" for c in curves]

    print("ε".rjust(8), *names, sep="  ")
    for points in zip(*(c["points"] for c in curves)):
        cells = [f"{p['accuracy']:.1%}".rjust(len(name)) for p, name in zip(points, names)]
        print(f"{points[0]['epsilon']:g}".rjust(8), *cells, sep="  ")
    """#
  }

  private static func printed(_ result: AccuracyVsEpsilon) -> [String] {
    let names = result.curves.map { "\($0.classifier), \($0.attack), \($0.region)" }
    let rows = result.curves[0].points.indices.map { index in
      let cells = zip(result.curves, names).map {
        Printed.right(Printed.percent($0.points[index].accuracy), Printed.width($1))
      }
      return [Printed.right(Printed.short(result.curves[0].points[index].epsilon, 6), 8)] + cells
    }
    return ([[Printed.right("ε", 8)] + names] + rows).map { $0.joined(separator: "  ") }
  }

  private static func draw(_ result: AccuracyVsEpsilon) -> String {
    #"""
    figure, axes = plt.subplots(figsize=(9, 5))
    for curve, name in zip(curves, names):
        epsilon = [p["epsilon"] for p in curve["points"]]
        accuracy = [p["accuracy"] for p in curve["points"]]
        low, high = np.transpose([p["interval"] for p in curve["points"]])
        style = "--" if curve["region"] == "everywhere" else "-"
        (line,) = axes.plot(epsilon, accuracy, style, label=name)
        axes.fill_between(epsilon, low, high, color=line.get_color(), alpha=0.2)
    axes.set(xlabel="ε", ylabel="accuracy", ylim=(0, 1), title="Accuracy under attack")
    axes.legend()
    plt.show()
    """#
  }
}
