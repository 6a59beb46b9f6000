import Eval
import Experiments
import Files
import Reports

/// One score of a generator: every judge's figures between real images and noise, labels, copies, and what
/// the judges would have found.
struct GeneratorScoreSection {
  private let score: GeneratorEntry.Scored
  private var result: ScoreResult { score.result }

  init(_ score: GeneratorEntry.Scored) { self.score = score }

  var markup: Markup {
    let reference = score.file.reference
    let seed = result.seed.map { ", seed \($0)" } ?? ""
    let intro =
      "\(result.count) images\(seed), against \(reference.count) \(reference.split.visible()) images of "
      + "\(reference.dataset.visible()), by \(score.file.judge.version.visible()). The floor is what real images "
      + "get, the ceiling what noise gets; ± is the standard error."
    let content: Markup =
      "<p>\(intro)</p>\n" + .list(result.notes.map { "\($0.visible(limit: 1000))" }) + figures + labels
      + copies
      + others + origin
    return .section("Score", content)
  }

  private var figures: Markup {
    let rows = score.file.judgeNames.flatMap { name -> [[String]] in
      guard let judge = result.judges[name] else { return [] }
      let accuracy = result.labelAccuracy?[name].map {
        [["label accuracy", name, $0.text, Text.percent($0.real), ""]]
      }
      return (accuracy ?? [])
        + MetricCatalog.all.compactMap { metric in
          guard let value = judge[metric], value.value != nil else { return nil }
          let text =
            value.standardError.map { "\(metric.text(value.value)) ± \(metric.text($0))" }
            ?? metric.text(value.value)
          return [
            metric.title, name, text, metric.text(value.floor),
            metric.errorName == nil ? "" : metric.text(value.ceiling),
          ]
        }
    }
    return .table(
      "Figures of every judge", ["figure", "judge", "value", "floor", "ceiling"], rows, isSortable: true)
  }

  private var labels: Markup {
    let names = score.file.judgeNames
    let perLabel = names.compactMap { name -> (String, [Double?])? in
      result.judges[name]?[perLabel: .frechetDistance].map { (name, $0) }
    }
    let histograms = names.compactMap { name in
      result.judges[name].map { (name, $0.classHistogram) }
    }
    guard let count = histograms.first?.1.count, count > 0 else { return .empty }
    let rows = (0..<count).map { label in
      ["\(label)"] + histograms.map { $0.1.indices.contains(label) ? "\($0.1[label])" : "–" }
        + perLabel.map { $0.1.indices.contains(label) ? $0.1[label].map(Text.short) ?? "–" : "–" }
    }
    return "<h3>Label by label</h3>\n"
      + .table(
        "Images that each judge gives each label, and distances within it",
        ["label"] + histograms.map { "images, \($0.0)" } + perLabel.map { "distance, \($0.0)" }, rows,
        isSortable: true)
  }

  private var copies: Markup {
    guard let memorization = result.memorization else { return .empty }
    func row(_ name: String, _ figures: Memorization.Figures) -> [String] {
      [
        name, "\(figures.count)", "\(figures.exactDuplicates)", "\(figures.nearDuplicates)",
        figures.alignedDuplicates.map(String.init) ?? "–", Text.percent(figures.authenticity),
      ]
    }
    let statistic = memorization.copyingStatistic.map {
      "C_T is \(Text.fixed($0, 1)): far below 0 where images lie closer to training images than held-out ones do."
    }
    return "<h3>Copies of training images</h3>\n"
      + .table(
        "Copies of training images",
        ["images", "count", "exact", "near", "moved or mirrored", "authenticity"],
        [row("generated", memorization.generated), row("held out, real", memorization.heldOut)])
      + .paragraphs([statistic].compactMap { $0 })
  }

  private var others: Markup {
    func items(_ verdicts: [Verdict]?) -> [Markup] {
      (verdicts ?? []).map { "\($0.name.rawValue): \($0.detail.visible(limit: 1000))" }
    }
    let (absent, withheld) = (items(result.absent), items(result.withheld))
    return
      (absent.isEmpty
      ? .empty
      : "<details><summary>What would have been found, and was not</summary>\n\(Markup.list(absent))</details>\n")
      + (withheld.isEmpty ? .empty : "<p>Too few images to say:</p>\n" + .list(withheld))
  }

  private var origin: Markup {
    let hash: Markup =
      "<p class=\"quiet\">SHA-256 of what was scored: <code>\(result.sha256.visible())</code>. "
    let file = Markup.link(score.path.lastPathComponent, to: Address.file(score.path))
    return (score.command.map { Markup.command($0) } ?? .empty) + hash + "File: \(file).</p>\n"
  }
}

extension GeneratorEntry {
  /// The verdicts on its first score.
  var verdicts: [Verdict] { scores.first?.result.verdicts ?? [] }

  private static let metric = Metric.frechetDistance

  /// What the judge that ranks says of its first score; nil where it was not scored.
  private var ranking: (score: Scored, judge: String, distance: MetricValue)? {
    guard let score = scores.first,
      let judge = RankingJudge.best(of: Set(score.file.judgeNames)) ?? score.file.judgeNames.first,
      let distance = score.result.judges[judge]?[Self.metric]
    else { return nil }
    return (score, judge, distance)
  }

  /// What that judge found; nil where it was not scored.
  var finding: String? {
    guard let (score, judge, distance) = ranking else { return nil }
    let rank = place.map { place in
      "Rank \(place.entry.rank)\(place.entry.isTied ? ", shared," : "") of \(place.board.board.entries.count): "
    }
    let error = distance.standardError.map { " ± \(Self.metric.text($0))" } ?? ""
    let accuracy = score.result.labelAccuracy?[judge].map {
      " The label asked for is right in \($0.text) (real images \(Text.percent($0.real)))."
    }
    return
      "\(rank ?? "")\(Self.metric.title) \(Self.metric.text(distance.value))\(error) by \(judge.visible()), where real "
      + "images have \(Self.metric.text(distance.floor)) and noise \(Self.metric.text(distance.ceiling))."
      + (accuracy ?? "")
  }

  /// A line for the first page.
  var note: String {
    guard let (_, judge, distance) = ranking else { return "Not scored." }
    let names = Text.distinct(verdicts.map(\.name.rawValue)).joined(separator: ", ")
    return "Distance \(Self.metric.text(distance.value)) by \(judge.visible())"
      + (names.isEmpty ? "." : "; \(names).")
  }
}
