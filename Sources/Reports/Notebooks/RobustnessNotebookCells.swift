import Eval
import Experiments
import Figures
import Files

/// A report of robustness: what each attack leaves of each classifier, the verdicts, and a chart of each.
enum RobustnessNotebookCells: NotebookCells {
  static let kinds: [StoredPart.Kind] = [.result(schema: RobustnessResult.schema)]

  static func section(of part: StoredPart, data: String) throws -> NotebookSection {
    let (result, name, files) = try NotebookSection.result(part, RobustnessResult.self)
    let report = RobustnessReport(result)
    let charts = try result.classifiers.map {
      NotebookOutput.picture(try NotebookPicture(report.chart(of: $0).drawing))
    }
    return NotebookSection(
      title: "Robustness", finding: finding(result, report), table: table(result, report),
      code: [
        .code(load("\(data)/\(name)"), [Printed.lines(printed(result, report))]), .code(draw, charts),
      ], files: files)
  }

  private static func finding(_ result: RobustnessResult, _ report: RobustnessReport) -> String {
    let lines = result.classifiers.map { classifier in
      let name = Markdown.escaped(classifier.classifier)
      let worst = classifier.worstCase.map {
        "\(Text.percent($0.accuracy.value)) \(Markdown.escaped($0.region))"
      }
      let verdicts = classifier.verdicts.map { "**\($0.name.rawValue)**: \(Markdown.escaped($0.detail))" }
      return
        "- \(name): \(Text.percent(classifier.clean.value)) of the clean images; "
        + "in the worst case \(worst.joined(separator: ", ")). "
        + (verdicts.isEmpty
          ? Markdown.escaped(report.quiet(classifier.checks)) : verdicts.joined(separator: "; "))
        + "."
    }
    return ([Markdown.escaped(report.intro), ""] + lines).joined(separator: "\n")
  }

  private static func table(_ result: RobustnessResult, _ report: RobustnessReport) -> String {
    let rows = result.classifiers.flatMap { classifier in
      report.attackRows(classifier).map { [classifier.classifier] + $0 }
    }
    return Markdown.table(["classifier"] + RobustnessReport.attackColumns.map(\.0), rows)
  }

  // MARK: - Code

  private static func load(_ path: String) -> String {
    #"""
    robustness = read_json("\#(path)")


    def bars(classifier):
        """The name and the accuracy of each attack, worst case and proof."""
        rows = [("clean", classifier["clean"])]
        for attack in classifier["attacks"]:
            origin = f" from {attack['crafted_on']}" if "crafted_on" in attack else ""
            rows.append((f"{attack['attack']}{origin} {attack['region']}", attack["accuracy"]))
        for worst in classifier["worst_case"]:
            rows.append((f"worst case {worst['region']}", worst["accuracy"]))
        for proof in classifier["certificates"]:
            size = f" L2 {proof['epsilon']:.4g}" if proof["norm"] == "l2" else ""
            rows.append((f"certified by {proof['method']} {proof['region']}{size}", proof["accuracy"]))
        return rows


    for classifier in robustness["classifiers"]:
        print(classifier["classifier"])
        for name, accuracy in bars(classifier):
            print(f"  {accuracy['value']:6.1%} of {accuracy['count']:5d} images  {name}")
    """#
  }

  private static func printed(_ result: RobustnessResult, _ report: RobustnessReport) -> [String] {
    result.classifiers.flatMap { classifier in
      [classifier.classifier]
        + report.bars(of: classifier).map { name, accuracy in
          "  \(Printed.right(Printed.percent(accuracy.value), 6)) of "
            + "\(Printed.right("\(accuracy.count)", 5)) images  \(name)"
        }
    }
  }

  private static let draw = #"""
    for classifier in robustness["classifiers"]:
        names, accuracies = zip(*bars(classifier))
        values = [a["value"] for a in accuracies]
        errors = np.abs(np.transpose([a["interval"] for a in accuracies]) - values)
        figure, axes = plt.subplots(figsize=(8, 0.3 * len(names) + 1))
        axes.barh(names, values, xerr=errors, capsize=2)
        axes.invert_yaxis()
        axes.set(xlim=(0, 1), xlabel="accuracy", title=f"What is left of {classifier['classifier']}")
        plt.show()
    """#
}
