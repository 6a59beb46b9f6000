import Datasets
import Eval
import Experiments
import Figures
import Files

/// The report of robustness as CSV, Markdown, JSON and charts.
extension RobustnessReport {
  /// The same as ``table(_:)``, a section for each classifier.
  public var markdown: String {
    func table(_ header: [String], _ rows: [[String]]) -> String {
      rows.isEmpty ? "" : Markdown.table(header, rows)
    }
    let parts = result.classifiers.flatMap { classifier in
      [
        "## \(Markdown.escaped(classifier.classifier))",
        table(Self.attackColumns.map(\.0), attackRows(classifier)),
        table(Self.corruptionColumns.map(\.0), corruptionRows(classifier)),
        settings(classifier).split(separator: "\n").map { Markdown.escaped(String($0)) }
          .joined(separator: "  \n"),
        classifier.verdicts.isEmpty
          ? Markdown.escaped(quiet(classifier.checks))
          : classifier.verdicts.map { "**\($0.name.rawValue)**: \(Markdown.escaped($0.detail))" }
            .joined(separator: "\n\n"),
        table(
          ["check", "outcome", "claim", "found"],
          classifier.checks.map { [$0.number, $0.outcome.rawValue, $0.claim, $0.found] }),
        "### Statements",
        classifier.statements.map { "- \(Markdown.escaped("\($0.number): \($0.text)"))." }
          .joined(separator: "\n"),
      ].filter { !$0.isEmpty }
    }
    let comparisons = comparisonLines.map { lines in
      lines.split(separator: "\n").map { Markdown.escaped(String($0)) }.joined(separator: "\n")
    }
    return (["# Robustness", Markdown.escaped(intro)] + parts + comparisons).joined(separator: "\n\n") + "\n"
  }

  /// The evaluation as `assay/robustness/1`.
  ///
  /// - Throws: `NotFinite` where a number of the result is not finite.
  public func json() throws -> String { try JSON.text(result) }

  /// A line for each classifier and attack, certificate or corruption, with the accuracy in [0, 1].
  public var csv: String {
    var csv = CSV([
      "classifier", "weights_sha256", "seed", "pixel_low", "pixel_high", "attack", "crafted_on", "norm",
      "epsilon", "region", "accuracy", "interval_low", "interval_high", "correct", "count",
      "foreground_threshold", "mask_sha256",
    ])
    let rule = [result.foregroundThreshold.map { "\($0)" } ?? "", result.mask?.sha256 ?? ""]
    for classifier in result.classifiers {
      func add(_ attack: [String], _ accuracy: Proportion) {
        csv.add(
          [
            classifier.classifier, classifier.weightsSha256, "\(result.seed)", "\(range.low)",
            "\(range.high)",
          ] + attack
            + [
              "\(accuracy.value)", "\(accuracy.interval.lowerBound)", "\(accuracy.interval.upperBound)",
              "\(accuracy.correct)", "\(accuracy.count)",
            ] + rule)
      }
      add(["clean", "", "", "0", ""], classifier.clean)
      for attack in classifier.attacks {
        add(
          [attack.attack, attack.craftedOn ?? "", attack.norm, "\(attack.epsilon)", attack.region],
          attack.accuracy)
      }
      for worst in classifier.worstCase {
        add(["worst case", "", "linf", "\(result.epsilon)", worst.region], worst.accuracy)
      }
      for certificate in classifier.certificates {
        add(
          [certificate.name, "", certificate.norm, "\(certificate.epsilon)", certificate.region],
          certificate.accuracy)
      }
      for row in classifier.corruptions {
        for (severity, accuracy) in zip(1..., row.accuracies) {
          add([row.corruption, "", "severity", "\(severity)", "everywhere"], accuracy)
        }
      }
    }
    return csv.text
  }

  /// Writes `robustness.json`, `.csv`, `.md`, and a chart of each classifier.
  ///
  /// - Throws: `FileError/unwritable(path:reason:)`; `NotFinite` where a number of the result is not finite.
  public func write(to folder: String) throws {
    let path = "\(folder)/robustness"
    try AtomicFile.write(try JSON.text(result) + "\n", to: "\(path).json")
    try AtomicFile.write(csv, to: "\(path).csv")
    try AtomicFile.write(markdown, to: "\(path).md")
    for classifier in result.classifiers {
      let chart = chart(of: classifier)
      for kind in ["svg", "png"] { try chart.drawing.write(to: "\(path)-\(classifier.classifier).\(kind)") }
    }
  }

  package func chart(of classifier: RobustnessResult.OfClassifier) -> BarChart {
    BarChart(
      title: "What is left of \(classifier.classifier)", subtitle: intro,
      bars: bars(of: classifier).map { .init($0.name, $0.accuracy.value) }, maximum: 1)
  }

  /// The clean images, each attack, the worst cases and what is proven.
  func bars(of classifier: RobustnessResult.OfClassifier) -> [(name: String, accuracy: Proportion)] {
    var bars = [(name: "clean", accuracy: classifier.clean)]
    for attack in classifier.attacks {
      let words = [attack.attack, attack.craftedOn.map { "from \($0)" }, attack.region]
      bars.append((words.compactMap { $0 }.joined(separator: " "), attack.accuracy))
    }
    for worst in classifier.worstCase { bars.append(("worst case \(worst.region)", worst.accuracy)) }
    for certificate in classifier.certificates {
      let size = certificate.norm == "l2" ? " L2 \(Text.short(certificate.epsilon))" : ""
      bars.append(("\(certificate.name) \(certificate.region)\(size)", certificate.accuracy))
    }
    return bars
  }
}
