import Eval
import Experiments
import Figures
import Files

/// What many sets of a generator's images say together, as a table.
struct SetsReport {
  let sets: DrawnSets
  let judges: [String]

  /// A line a figure: those of every judge by each, then the others by the first one.
  func table(_ layout: Layout) -> String {
    let table = SpreadTable(
      "over sets", sets.spread, judges: judges, metrics: MetricCatalog.shown(in: .scoreTable))
    let images = Text.counted(sets.sets * sets.count, "image")
    var lines = [
      "\(sets.source.visible()): \(sets.sets) sets of \(sets.count) (\(images)), seeds from \(sets.seed) on: mean ± its "
        + "standard error over the sets, and the standard deviation of a set. The line above is the first set's."
    ]
    for judge in judges {
      if let accuracy = sets.labelAccuracy?[judge] {
        lines.append("label accuracy of all images by \(judge): \(Text.percent(accuracy.value, digits: 2))")
      }
    }
    let given = sets.verdicts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    lines.append(
      given.isEmpty
        ? "nothing found amiss in any set"
        : "found amiss: " + given.map { "\($0.key) in \($0.value)" }.joined(separator: ", "))
    return lines.joined(separator: "\n") + "\n\n" + layout.fitted(table.table)
  }
}
