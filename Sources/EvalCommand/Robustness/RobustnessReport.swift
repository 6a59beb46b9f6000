import Adversary
import Datasets
import Eval
import Figures
import Files
import Foundation
import Network
import Reports

/// The report of `eval robustness` as tables, JSON, CSV, Markdown and a chart.
struct RobustnessReport {
  let file: RobustnessFile
  private let range: PixelRange

  init(_ results: [ClassifierRobustness], images: LabeledImages, epsilon: Double, attack: AttackOptions) {
    range = attack.pixelRange
    let width = range.width
    file = RobustnessFile(
      dataset: DatasetReference(
        name: images.name, split: images.split.rawValue, count: images.count, sha256: images.sha256),
      epsilon: epsilon, pixelRange: [range.low, range.high], seed: attack.seed,
      classifiers: results.map { .init($0, width: width) },
      comparisons: Self.comparisons(results))
  }

  private static func comparisons(_ results: [ClassifierRobustness]) -> [RobustnessFile.Comparison] {
    results.indices.flatMap { first in
      results.indices.dropFirst(first + 1).flatMap { second -> [RobustnessFile.Comparison] in
        let (a, b) = (results[first], results[second])
        let measures: [(String, [Bool], [Bool])] = [
          ("clean", a.clean, b.clean),
          ("worst case, everywhere", a.worstCase(.everywhere), b.worstCase(.everywhere)),
          ("worst case, foreground", a.worstCase(.foreground), b.worstCase(.foreground)),
        ]
        return measures.map { measure, ours, theirs in
          let count = min(ours.count, theirs.count)
          let test = McNemar(Array(ours.prefix(count)), Array(theirs.prefix(count)))
          return .init(
            first: a.classifier, second: b.classifier, measure: measure, count: count,
            firstOnly: test.firstOnly,
            secondOnly: test.secondOnly, pValue: test.pValue)
        }
      }
    }
  }

  // MARK: - Text

  private var intro: String {
    "\(file.dataset.count) \(file.dataset.split) images of \(file.dataset.name); ε = \(Text.short(file.epsilon)), "
      + "\(range.unit(.linf)); foreground: the pixels brighter than black in the clean image; seed \(file.seed); "
      + "95 % Wilson intervals."
  }

  var table: String {
    Text.fitted(([intro] + file.classifiers.flatMap(sections) + comparisonLines).joined(separator: "\n\n"))
  }

  private func sections(_ classifier: RobustnessFile.OfClassifier) -> [String] {
    func table(_ columns: [(String, TerminalTable.Alignment)], _ rows: [[String]]) -> String {
      var table = TerminalTable(columns.map { .init($0.0, $0.1) })
      for row in rows { table.add(row) }
      return rows.isEmpty ? "" : table.fitted
    }
    let checks = classifier.checks.map { "\($0.number) \($0.outcome.rawValue): \($0.claim). \($0.found)." }
    let verdicts = classifier.verdicts.map { "\($0.name.rawValue): \($0.detail)" }
    return [
      classifier.classifier.visible(), table(Self.attackColumns, attackRows(classifier)),
      table(Self.corruptionColumns, corruptionRows(classifier)), settings(classifier),
      checks.joined(separator: "\n"),
      (verdicts.isEmpty ? [quiet(classifier.checks)] : verdicts).joined(separator: "\n"),
    ].filter { !$0.isEmpty }
  }

  /// What stands where no verdict does.
  private func quiet(_ checks: [Check]) -> String {
    let warnings = checks.filter { $0.outcome == .warning }.map(\.number)
    return warnings.isEmpty
      ? "nothing found amiss" : "no check failed; warnings: \(warnings.joined(separator: ", "))"
  }

  /// Each attack's settings once, below the tables.
  private func settings(_ classifier: RobustnessFile.OfClassifier) -> String {
    let widest = classifier.corruptions.flatMap(\.accuracies).map { ($0.interval[1] - $0.interval[0]) / 2 }
      .max()
    let lines =
      classifier.attacks.map { "\($0.attack): \($0.settings)." }
      + classifier.certificates.map { "\($0.name): \($0.settings)." }
      + (widest.map { ["corruptions: all images; intervals of ±\(Text.percent($0)) at most."] } ?? [])
    return Text.distinct(lines).joined(separator: "\n")
  }

  private static let attackColumns: [(String, TerminalTable.Alignment)] = [
    ("attack", .left), ("region", .left), ("norm", .left), ("ε", .right), ("images", .right),
    ("accuracy", .right),
  ]

  private func attackRows(_ classifier: RobustnessFile.OfClassifier) -> [[String]] {
    func text(_ accuracy: RobustnessFile.Accuracy) -> String {
      "\(Text.percent(accuracy.value)) (\(Text.percents(accuracy.interval[0]...accuracy.interval[1])))"
    }
    func name(_ norm: String) -> String { Norm(rawValue: norm)?.symbol ?? "motion" }
    return [["clean", "", "", "", "\(classifier.clean.count)", text(classifier.clean)]]
      + classifier.attacks.map { attack in
        [
          attack.craftedOn.map { "\(attack.attack) made on \($0)" } ?? attack.attack, attack.region,
          name(attack.norm), Text.short(attack.epsilon), "\(attack.accuracy.count)", text(attack.accuracy),
        ]
      }
      + classifier.worstCase.map { worst in
        [
          "worst case", worst.region, Norm.linf.symbol, Text.short(file.epsilon),
          "\(worst.accuracy.count)", text(worst.accuracy),
        ]
      }
      + classifier.certificates.map { certificate in
        [
          certificate.name, certificate.region, name(certificate.norm), Text.short(certificate.epsilon),
          "\(certificate.accuracy.count)", text(certificate.accuracy),
        ]
      }
  }

  private static let corruptionColumns: [(String, TerminalTable.Alignment)] =
    [("corruption", .left)] + (1...5).map { ("severity \($0)", .right) }

  private func corruptionRows(_ classifier: RobustnessFile.OfClassifier) -> [[String]] {
    classifier.corruptions.map { row in
      let cells = row.accuracies.map { Text.percent($0.value) }
      return [row.corruption] + cells + [String](repeating: "", count: 5 - cells.count)
    }
  }

  private var comparisonLines: [String] {
    file.comparisons.isEmpty
      ? []
      : [
        file.comparisons.map {
          "\($0.measure): \($0.firstOnly) images right by \($0.first.visible()) only, \($0.secondOnly) by "
            + "\($0.second.visible()) only, of "
            + "\($0.count); McNemar's p = \(Text.short($0.pValue))"
        }.joined(separator: "\n")
      ]
  }

  var markdown: String {
    func table(_ header: [String], _ rows: [[String]]) -> String {
      rows.isEmpty ? "" : Markdown.table(header, rows)
    }
    let parts = file.classifiers.flatMap { classifier in
      [
        "## \(Markdown.escaped(classifier.classifier))",
        table(Self.attackColumns.map(\.0), attackRows(classifier)),
        table(Self.corruptionColumns.map(\.0), corruptionRows(classifier)),
        settings(classifier).replacingOccurrences(of: "\n", with: "  \n"),
        classifier.verdicts.isEmpty
          ? quiet(classifier.checks)
          : classifier.verdicts.map { "**\($0.name.rawValue)**: \($0.detail)" }.joined(separator: "\n\n"),
        table(
          ["check", "outcome", "claim", "found"],
          classifier.checks.map { [$0.number, $0.outcome.rawValue, $0.claim, $0.found] }),
      ].filter { !$0.isEmpty }
    }
    let comparisons = comparisonLines.map { lines in
      lines.split(separator: "\n").map { Markdown.escaped(String($0)) }.joined(separator: "\n")
    }
    return (["# Robustness", Markdown.escaped(intro)] + parts + comparisons).joined(separator: "\n\n") + "\n"
  }

  var csv: String {
    var csv = CSV([
      "classifier", "weights_sha256", "seed", "pixel_low", "pixel_high", "attack", "crafted_on", "norm",
      "epsilon", "region", "accuracy", "interval_low", "interval_high", "correct", "count",
    ])
    for classifier in file.classifiers {
      func add(_ attack: [String], _ accuracy: RobustnessFile.Accuracy) {
        csv.add(
          [
            classifier.classifier, classifier.weightsSha256, "\(file.seed)", "\(range.low)", "\(range.high)",
          ] + attack
            + [
              "\(accuracy.value)", "\(accuracy.interval[0])", "\(accuracy.interval[1])",
              "\(accuracy.correct)", "\(accuracy.count)",
            ])
      }
      add(["clean", "", "", "0", ""], classifier.clean)
      for attack in classifier.attacks {
        add(
          [attack.attack, attack.craftedOn ?? "", attack.norm, "\(attack.epsilon)", attack.region],
          attack.accuracy)
      }
      for worst in classifier.worstCase {
        add(["worst case", "", "linf", "\(file.epsilon)", worst.region], worst.accuracy)
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

  func write(to folder: String) throws {
    let path = "\(folder)/robustness"
    try AtomicFile.write(try JSON.text(file) + "\n", to: "\(path).json")
    try AtomicFile.write(csv, to: "\(path).csv")
    try AtomicFile.write(markdown, to: "\(path).md")
    for classifier in file.classifiers {
      let chart = BarChart(
        title: "What is left of \(classifier.classifier)", subtitle: intro,
        bars: [.init("clean", classifier.clean.value)]
          + classifier.attacks.map { attack in
            .init(
              [attack.attack, attack.craftedOn.map { "from \($0)" }, attack.region].compactMap { $0 }
                .joined(separator: " "), attack.accuracy.value)
          } + classifier.worstCase.map { .init("worst case \($0.region)", $0.accuracy.value) }
          + classifier.certificates.map {
            .init(
              "\($0.name) \($0.region)" + ($0.norm == "l2" ? " L2 \(Text.short($0.epsilon))" : ""),
              $0.accuracy.value)
          },
        maximum: 1)
      for kind in ["svg", "png"] { try chart.drawing.write(to: "\(path)-\(classifier.classifier).\(kind)") }
    }
  }
}
