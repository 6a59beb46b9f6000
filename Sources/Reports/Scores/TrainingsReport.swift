import Eval
import Experiments
import Figures
import Files

/// What several trainings of a recipe say together, as a table and as a line of a CSV.
struct TrainingsReport {
  let trainings: TrainingsResult
  let file: ScoreFile

  init?(_ file: ScoreFile) {
    guard let trainings = file.trainings, !file.results.isEmpty else { return nil }
    (self.trainings, self.file) = (trainings, file)
  }

  private var name: String {
    let recipe = trainings.recipe
    let state = recipe.state.map { ", \($0)" } ?? ""
    return "\(trainings.seeds.count) trainings of \(recipe.recipe) (\(recipe.length), batch "
      + "\(recipe.batchSize)\(state))"
  }

  /// A line a figure: those of every judge by each, then the others by the first one.
  func table(_ layout: Layout) -> String {
    let table = SpreadTable(
      "over trainings", trainings.spread, judges: file.judgeNames,
      metrics: MetricCatalog.shown(in: .scoreTable))
    let seeds = trainings.seeds.map { "\($0)" }.joined(separator: ", ")
    let intro =
      "\(name), seeds \(seeds): mean ± its standard error, in which the seed and the drawing of the images are "
      + "both contained; the interval by Student's t with \(trainings.seeds.count - 1) degrees of freedom; the "
      + "standard deviation over trainings, what is left of it without the drawing of the images, and the mean "
      + "sampling error of one training."
    return intro + "\n\n" + layout.fitted(table.table)
  }

  /// The means, in the columns of the single trainings.
  func csvFields(_ metrics: [Metric]) -> [String] {
    let first = file.results[0]
    var fields = [name, "\(first.count)", first.seed.map { "\($0)" } ?? ""]
    for judge in file.judgeNames {
      let values =
        [trainings.labelAccuracy?[judge]?.mean]
        + metrics.flatMap { metric in
          let own = trainings[metric, judge]
          return [own?.mean] + (metric.errorName == nil ? [] : [own?.standardError])
        }
      fields += values.map { $0.map { "\($0)" } ?? "" }
    }
    let withheld = Text.distinct(file.results.flatMap { $0.withheld ?? [] }.map(\.name.rawValue))
    return fields + [file.results.verdictNames, withheld].map { $0.joined(separator: "; ") }
      + SpreadColumns.values(trainings, file.judgeNames, metrics)
  }
}
