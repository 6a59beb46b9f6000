import Eval
import Experiments
import Figures
import Files

/// Scores: the distance of each set of images by the judge that ranks, its verdicts, and every judge's
/// figures.
enum ScoreNotebookCells: NotebookCells {
  static let kinds: [StoredPart.Kind] = [.result(schema: ScoreFile.schema)]

  private static let metric = Metric.frechetDistance

  static func section(of part: StoredPart, data: String) throws -> NotebookSection {
    let name = NotebookSection.fileName(part.path.lastPathComponent)
    let bytes = try part.data(limit: NotebookSection.largestFile)
    guard let file = try LeaderboardFolder.read(part.path), !file.results.isEmpty,
      let judge = RankingJudge.best(of: Set(file.judgeNames)) ?? file.judgeNames.first
    else {
      throw FileError.malformed(path: part.path, expected: "a score or more", found: "none")
    }
    return NotebookSection(
      title: "Scores", finding: finding(file, judge), table: table(file, judge),
      code: [
        .code(load("\(data)/\(name)"), [Printed.lines(printed(file))]),
        .code(draw(judge), [.picture(try NotebookPicture(chart(file, judge).drawing))]),
      ], files: [name: bytes])
  }

  private static func finding(_ file: ScoreFile, _ judge: String) -> String {
    let lines = file.results.map { result -> String in
      let verdicts = result.verdicts.map { "**\($0.name.rawValue)**: \(Markdown.escaped($0.detail))" }
      let distance = result.judges[judge]?[metric]
      return "- \(Markdown.escaped(result.source)): \(metric.title) \(text(distance)), between "
        + "\(metric.text(distance?.floor)) of real images and \(metric.text(distance?.ceiling)) of noise. "
        + (verdicts.isEmpty ? "Nothing was found amiss" : verdicts.joined(separator: "; ")) + "."
    }
    let reference = file.reference
    let on =
      "Judged by \(file.judge.version) on \(reference.count) \(reference.split) images "
      + "of \(reference.dataset); "
      + "distances by \(judge), ± standard error; lower is better."
    return ([Markdown.escaped(on), ""] + lines).joined(separator: "\n")
  }

  private static func text(_ value: MetricValue?) -> String {
    value?.standardError.map { "\(metric.text(value?.value)) ± \(metric.text($0))" }
      ?? metric.text(value?.value)
  }

  private static func table(_ file: ScoreFile, _ judge: String) -> String {
    let metrics = MetricCatalog.shown(in: .scoreTable).filter { !$0.isOfEveryJudge }
    return Markdown.table(
      ["images of", "count", "label accuracy"] + file.judgeNames.map { "\(metric.title) \($0)" }
        + metrics.map(\.column) + ["verdicts"],
      file.results.map { result in
        [result.source, "\(result.count)", result.labelAccuracy?[judge]?.text ?? "–"]
          + file.judgeNames.map { text(result.judges[$0]?[metric]) }
          + metrics.map { $0.text(result.judges[judge]?[$0]?.value) }
          + [result.verdicts.map(\.name.rawValue).joined(separator: ", ")]
      })
  }

  private static func chart(_ file: ScoreFile, _ judge: String) -> BarChart {
    let values = file.results.map { ($0.source, $0.judges[judge]?[metric]) }
    let real = values.first?.1?.floor.map { [BarChart.Bar("real images", $0)] } ?? []
    return BarChart(
      title: "\(metric.title) by \(judge)",
      subtitle: "lower is better; noise has \(metric.text(values.first?.1?.ceiling))",
      bars: real + values.map { .init($0.0.visible(limit: 60), $0.1?.value ?? .nan) }, maximum: nil,
      format: .plain,
      decimals: 2)
  }

  // MARK: - Code

  private static func load(_ path: String) -> String {
    #"""
    score = read_json("\#(path)")

    for result in score["results"]:
        print(f"{result['source']}: {result['count']} images")
        for judge, figures in sorted(result["judges"].items()):
            distance = figures["frechet_distance"]
            print(
                f"  {judge}: Fréchet distance {distance['value']:.4g} ± {distance['standard_error']:.2g}, "
                f"precision {figures['precision']:.3f}, recall {figures['recall']:.3f}"
            )
        for verdict in result["verdicts"]:
            print(f"  {verdict['name']}: {verdict['detail']}")
    """#
  }

  private static func printed(_ file: ScoreFile) -> [String] {
    file.results.flatMap { result -> [String] in
      let judges = result.judges.sorted {
        $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars)
      }
      return ["\(result.source): \(result.count) images"]
        + judges.map { name, judge in
          let distance = judge[metric]
          return "  \(name): Fréchet distance \(Printed.short(distance?.value ?? .nan, 4)) ± "
            + "\(Printed.short(distance?.standardError ?? .nan, 2)), "
            + "precision \(Printed.fixed(judge[.precision]?.value ?? .nan, 3)), "
            + "recall \(Printed.fixed(judge[.recall]?.value ?? .nan, 3))"
        } + result.verdicts.map { "  \($0.name.rawValue): \($0.detail)" }
    }
  }

  private static func draw(_ judge: String) -> String {
    #"""
    judge = \#(NotebookJSON.quoted(judge))
    distances = [result["judges"][judge]["frechet_distance"] for result in score["results"]]
    names = ["real images"] + [result["source"] for result in score["results"]]
    values = [distances[0]["floor"]] + [d["value"] for d in distances]
    errors = [0] + [1.96 * d["standard_error"] for d in distances]

    figure, axes = plt.subplots(figsize=(8, 0.4 * len(names) + 1))
    axes.barh(range(len(names)), values, xerr=errors, capsize=3, tick_label=names)
    axes.invert_yaxis()
    axes.set(xlabel="Fréchet distance, lower is better", title=f"Fréchet distance by {judge}")
    plt.show()
    """#
  }
}
