import Adversary
import Datasets
import Eval
import Experiments
import Figures
import Files

/// The report of robustness as tables.
public struct RobustnessReport: ResultReport {
  let result: RobustnessResult
  let range: PixelRange

  /// The report of an evaluation that was just made.
  public init(_ outcome: RobustnessOutcome) {
    result = outcome.result
    range = outcome.pixelRange
  }

  /// Of a result that was read again.
  package init(_ stored: RobustnessResult) {
    result = stored
    range = PixelRange(low: stored.pixelRange[0], high: stored.pixelRange[1])
  }

  var intro: String {
    let rule = RegionText.rule(threshold: result.foregroundThreshold, mask: result.mask)
    return
      "\(result.dataset.count) \(result.dataset.split) images of \(result.dataset.name); ε = \(Text.short(result.epsilon)), "
      + "\(range.unit(.linf)); \(rule ?? "foreground: the pixels brighter than black in the clean image"); "
      + "seed \(result.seed); 95 % Wilson intervals."
  }

  /// For each classifier its attacks, corruptions, settings, checks, statements and verdicts; then
  /// comparisons.
  public func table(_ layout: Layout) -> String {
    let parts = result.classifiers.flatMap { sections($0, layout) }
    return layout.fitted(([intro] + parts + comparisonLines).joined(separator: "\n\n"))
  }

  private func sections(_ classifier: RobustnessResult.OfClassifier, _ layout: Layout) -> [String] {
    func table(_ columns: [(String, TerminalTable.Alignment)], _ rows: [[String]]) -> String {
      var table = TerminalTable(columns.map { .init($0.0, $0.1) })
      for row in rows { table.add(row) }
      return rows.isEmpty ? "" : layout.fitted(table)
    }
    let checks = classifier.checks.map { "\($0.number) \($0.outcome.rawValue): \($0.claim). \($0.found)." }
    let verdicts = classifier.verdicts.map { "\($0.name.rawValue): \($0.detail)" }
    return [
      classifier.classifier.visible(), table(Self.attackColumns, attackRows(classifier)),
      table(Self.corruptionColumns, corruptionRows(classifier)), settings(classifier),
      checks.joined(separator: "\n"),
      (["Statements"] + classifier.statements.map { "\($0.number): \($0.text)." }).joined(separator: "\n"),
      (verdicts.isEmpty ? [quiet(classifier.checks)] : verdicts).joined(separator: "\n"),
    ].filter { !$0.isEmpty }
  }

  /// What stands where no verdict does.
  func quiet(_ checks: [Check]) -> String {
    let warnings = checks.filter { $0.outcome == .warning }.map(\.number)
    return warnings.isEmpty
      ? "nothing found amiss" : "no check failed; warnings: \(warnings.joined(separator: ", "))"
  }

  /// Each attack's settings once, below the tables.
  func settings(_ classifier: RobustnessResult.OfClassifier) -> String {
    let widest = classifier.corruptions.flatMap(\.accuracies).map {
      ($0.interval.upperBound - $0.interval.lowerBound) / 2
    }
    .max()
    let lines =
      classifier.attacks.map { "\($0.attack): \($0.settings)." }
      + classifier.certificates.map { "\($0.name): \($0.settings)." }
      + (widest.map { ["corruptions: all images; intervals of ±\(Text.percent($0)) at most."] } ?? [])
    return Text.distinct(lines).joined(separator: "\n")
  }

  static let attackColumns: [(String, TerminalTable.Alignment)] = [
    ("attack", .left), ("region", .left), ("norm", .left), ("ε", .right), ("images", .right),
    ("accuracy", .right),
  ]

  func attackRows(_ classifier: RobustnessResult.OfClassifier) -> [[String]] {
    func text(_ accuracy: Proportion) -> String {
      "\(Text.percent(accuracy.value)) (\(Text.percents(accuracy.interval)))"
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
          "worst case", worst.region, Norm.linf.symbol, Text.short(result.epsilon),
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

  static let corruptionColumns: [(String, TerminalTable.Alignment)] =
    [("corruption", .left)] + (1...5).map { ("severity \($0)", .right) }

  func corruptionRows(_ classifier: RobustnessResult.OfClassifier) -> [[String]] {
    classifier.corruptions.map { row in
      let cells = row.accuracies.map { Text.percent($0.value) }
      return [row.corruption] + cells + [String](repeating: "", count: 5 - cells.count)
    }
  }

  var comparisonLines: [String] {
    result.comparisons.isEmpty
      ? []
      : [
        result.comparisons.map {
          "\($0.measure): \($0.firstOnly) images right by \($0.first.visible()) only, \($0.secondOnly) by "
            + "\($0.second.visible()) only, of "
            + "\($0.count); McNemar's p = \(Text.short($0.pValue))"
        }.joined(separator: "\n")
      ]
  }
}
