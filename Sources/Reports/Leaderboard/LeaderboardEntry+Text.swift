import Eval
import Experiments
import Files

/// How tables and CSV write an entry, of one training or of several.
extension Leaderboard.Entry {
  struct Accuracy {
    let value: Double
    let interval: ClosedRange<Double>
    let spread: TrainingSpread?

    var text: String { "\(Text.percent(value)) (\(Text.percents(interval)))" }
  }

  /// With its 95 % interval; that of a mean may leave 0...1, which no accuracy does.
  func labelAccuracy(by judge: String) -> Accuracy? {
    if let trainings {
      return trainings.labelAccuracy?[judge].map { spread in
        let ends = spread.interval.map { min(max($0, 0), 1) }
        return Accuracy(value: spread.mean, interval: ends[0]...ends[1], spread: spread)
      }
    }
    return result.labelAccuracy?[judge].map {
      Accuracy(value: $0.value, interval: $0.interval[0]...$0.interval[1], spread: nil)
    }
  }

  /// The verdicts on any of the trainings; where not on all, with how many: `collapsed (2 of 3)`.
  var verdicts: [String] { results.verdictNames }
}

extension [ScoreResult] {
  /// Each verdict's name once, in the order in which they come; where not all results have it, with how many.
  var verdictNames: [String] {
    let names = map { Text.distinct($0.verdicts.map(\.name.rawValue)) }
    let counts = Dictionary(names.joined().map { ($0, 1) }, uniquingKeysWith: +)
    return Text.distinct(Array<String>(names.joined())).map { name in
      let found = counts[name] ?? 0
      return found == count ? name : "\(name) (\(found) of \(count))"
    }
  }
}
