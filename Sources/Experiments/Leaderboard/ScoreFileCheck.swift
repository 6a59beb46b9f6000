import Eval
import Files

/// Whether a score file says what a score can say: every number finite and in its range, every list as long
/// as it should be.
///
/// A file comes from anywhere; what is ranked and drawn afterwards relies on it. Does not compute a figure
/// anew.
package struct ScoreFileCheck {
  private let path: String

  /// - Throws: ``FileError/malformed(path:expected:found:)`` with the field.
  package static func check(_ file: ScoreFile, path: String) throws(FileError) {
    let check = ScoreFileCheck(path: path)
    let judges = Set(file.judge.sha256.keys)
    try check.require(!judges.isEmpty, "judge.sha256", "a judge or more", "none")
    try check.count(file.reference.count, "reference.count", atLeast: 1)
    for (index, result) in file.results.enumerated() {
      try check.check(result, "results[\(index)]", judges: judges)
    }
    if let trainings = file.trainings { try check.check(trainings, file.results) }
  }

  /// What the file says that the results are together; its figures are computed anew by who wants them.
  private func check(_ trainings: TrainingsResult, _ results: [ScoreResult]) throws(FileError) {
    let seeds = trainings.seeds
    try require(results.count >= 2, "results", "two trainings or more", "\(results.count)")
    try require(
      seeds.count == results.count, "trainings.seeds", "\(results.count) seeds, one for each result",
      "\(seeds.count)")
    try require(Set(seeds).count == seeds.count, "trainings.seeds", "different seeds", "\(seeds)")
    try count(trainings.recipe.batchSize, "trainings.recipe.batch_size", atLeast: 1)
    let weights = Set(results.map(\.sha256))
    try require(weights.count == results.count, "results", "each training once", "equal weights")
    let counts = Set(results.map(\.count)).sorted()
    try require(counts.count == 1, "results", "trainings of as many images each", "\(counts)")
    let own = TrainingsResult(trainings, results)
    for (name, spreads) in own.judges.sorted(by: { $0.key < $1.key }) {
      for (metric, spread) in spreads.sorted(by: { $0.key < $1.key }) {
        try require(
          spread.isFinite, "results", "trainings whose \(metric) by \(name) has a finite deviation", "none")
      }
    }
  }

  private func check(_ result: ScoreResult, _ place: String, judges: Set<String>) throws(FileError) {
    try count(result.count, "\(place).count", atLeast: 1)
    let labels = result.classHistogram.count
    try require(labels > 0, "\(place).class_histogram", "a count for each label", "none")
    try histogram(result.classHistogram, "\(place).class_histogram", result.count, labels)
    try names(Set(result.judges.keys), "\(place).judges", judges)
    for (name, judge) in result.judges.sorted(by: { $0.key < $1.key }) {
      try check(judge, "\(place).judges.\(name)", result.count, labels)
    }
    if let accuracies = result.labelAccuracy {
      try names(Set(accuracies.keys), "\(place).label_accuracy", judges)
      for (name, accuracy) in accuracies.sorted(by: { $0.key < $1.key }) {
        try check(accuracy, "\(place).label_accuracy.\(name)", result.count)
      }
    }
    try share(result.agreement, "\(place).agreement")
    try share(result.realAgreement, "\(place).real_agreement")
    try list(result.similarityPerLabel, "\(place).similarity_per_label", labels, Self.similarity)
    try list(result.realSimilarityPerLabel, "\(place).real_similarity_per_label", labels, Self.similarity)
    if let memorization = result.memorization {
      try check(memorization.generated, "\(place).memorization.generated", result.count)
      try check(memorization.heldOut, "\(place).memorization.held_out", memorization.heldOut.count)
      try number(memorization.copyingStatistic, "\(place).memorization.copying_statistic", .number)
    }
    if let score = result.classificationAccuracyScore {
      let field = "\(place).classification_accuracy_score"
      for (index, accuracy) in score.accuracies.enumerated() {
        try share(accuracy, "\(field).accuracies[\(index)]")
      }
      try share(score.value, "\(field).value")
      try share(score.real, "\(field).real")
    }
    if let duplicates = result.testDuplicates {
      try count(duplicates, "\(place).test_duplicates", atMost: result.count)
    }
  }

  private func check(
    _ judge: JudgeResult, _ place: String, _ images: Int, _ labels: Int
  ) throws(FileError) {
    for metric in MetricCatalog.all {
      let (own, field) = (judge[metric], "\(place).\(metric.name)")
      if metric.errorName != nil {
        try check(own, metric, field)
      } else {
        try number(own?.value, field, metric.domain)
        try number(own?.floor, "\(place).real.\(metric.name)", metric.domain)
      }
    }
    for metric in MetricCatalog.perLabel {
      try list(judge.perLabel[metric.name], "\(place).\(metric.name)", labels, metric.domain)
      try list(judge.realPerLabel[metric.name], "\(place).real.\(metric.name)", labels, metric.domain)
    }
    try histogram(judge.classHistogram, "\(place).class_histogram", images, labels)
  }

  /// The bounds of its interval have to be numbers, too.
  private func check(_ distance: MetricValue?, _ metric: Metric, _ place: String) throws(FileError) {
    try number(distance?.value, "\(place).value", metric.domain)
    try number(distance?.standardError, "\(place).standard_error", .notNegative)
    if let (lower, upper) = distance?.interval {
      try require(
        lower.isFinite && upper.isFinite, "\(place).standard_error", "one whose interval is finite",
        "\(distance?.standardError ?? 0)")
    }
    try number(distance?.floor, "\(place).floor", metric.domain)
    try number(distance?.ceiling, "\(place).ceiling", metric.domain)
  }

  private func check(_ accuracy: ScoreResult.Accuracy, _ place: String, _ images: Int) throws(FileError) {
    try share(accuracy.value, "\(place).value")
    try share(accuracy.real, "\(place).real")
    try count(accuracy.correct, "\(place).correct", atMost: images)
    let interval = accuracy.interval
    let found = "\(interval)"
    try require(interval.count == 2, "\(place).interval", "two numbers", found)
    try share(interval[0], "\(place).interval[0]")
    try share(interval[1], "\(place).interval[1]")
    try require(interval[0] <= interval[1], "\(place).interval", "the lower number first", found)
    let around = interval[0] - Self.rounding...interval[1] + Self.rounding
    try require(around.contains(accuracy.value), "\(place).interval", "one around \(accuracy.value)", found)
  }

  private func check(_ figures: Memorization.Figures, _ place: String, _ images: Int) throws(FileError) {
    try count(figures.count, "\(place).count")
    try require(figures.count == images, "\(place).count", "\(images)", "\(figures.count)")
    try count(figures.nearDuplicates, "\(place).near_duplicates", atMost: images)
    try count(figures.exactDuplicates, "\(place).exact_duplicates", atMost: figures.nearDuplicates)
    if let aligned = figures.alignedDuplicates {
      try count(aligned, "\(place).aligned_duplicates", atLeast: figures.nearDuplicates, atMost: images)
    }
    try share(figures.authenticity, "\(place).authenticity")
  }
}

// MARK: - Numbers and lists

extension ScoreFileCheck {
  /// The values that a number can have, and how that is said.
  private typealias Bounds = (range: ClosedRange<Double>, words: String)

  /// Sums of shares round to a little more than 1.
  private static let rounding = 1e-9
  private static let similarity: Bounds = (-1 - rounding...1 + rounding, "a number from -1 to 1")

  private static func bounds(_ domain: Metric.Domain) -> Bounds {
    let largest = Double.greatestFiniteMagnitude
    return switch domain {
    case .number: (-largest...largest, "a finite number")
    case .notNegative: (0...largest, "0 or more")
    case .share: (-rounding...1 + rounding, "a number from 0 to 1")
    }
  }

  private func require(
    _ isRight: Bool, _ field: String, _ expected: String, _ found: String
  ) throws(FileError) {
    guard isRight else {
      throw .malformed(path: path, expected: "\(field): \(expected)", found: found)
    }
  }

  private func number(_ value: Double?, _ field: String, _ domain: Metric.Domain) throws(FileError) {
    try number(value, field, Self.bounds(domain))
  }

  private func number(_ value: Double?, _ field: String, _ bounds: Bounds) throws(FileError) {
    if let value { try require(bounds.range.contains(value), field, bounds.words, "\(value)") }
  }

  private func share(_ value: Double, _ field: String) throws(FileError) { try number(value, field, .share) }

  private func count(
    _ value: Int, _ field: String, atLeast least: Int = 0, atMost most: Int = .max
  ) throws(FileError) {
    let expected = most == .max ? "\(least) or more" : "\(least) to \(most)"
    try require(value >= least && value <= most, field, expected, "\(value)")
  }

  private func list(
    _ values: [Double?]?, _ field: String, _ labels: Int, _ domain: Metric.Domain
  ) throws(FileError) {
    try list(values, field, labels, Self.bounds(domain))
  }

  /// - Parameter bounds: of each number that is there.
  private func list(
    _ values: [Double?]?, _ field: String, _ labels: Int, _ bounds: Bounds
  ) throws(FileError) {
    guard let values else { return }
    try require(values.count == labels, field, "\(labels) numbers, one for each label", "\(values.count)")
    for (index, value) in values.enumerated() { try number(value, "\(field)[\(index)]", bounds) }
  }

  private func histogram(_ counts: [Int], _ field: String, _ images: Int, _ labels: Int) throws(FileError) {
    try require(counts.count == labels, field, "\(labels) counts, one for each label", "\(counts.count)")
    var left = images
    for (index, value) in counts.enumerated() {
      try count(value, "\(field)[\(index)]", atMost: images)
      try require(value <= left, field, "\(images) images in all", "more")
      left -= value
    }
    try require(left == 0, field, "\(images) images in all", "\(images - left)")
  }

  private func names(_ found: Set<String>, _ field: String, _ judges: Set<String>) throws(FileError) {
    func list(_ names: Set<String>) -> String { names.sorted().joined(separator: ", ") }
    try require(found == judges, field, list(judges), found.isEmpty ? "none" : list(found))
  }
}
