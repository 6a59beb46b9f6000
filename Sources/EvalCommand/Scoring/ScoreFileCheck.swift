import Eval
import Files
import Foundation

/// Whether a score file says what a score can say: every number finite and in its range, every list as long as it should be.
///
/// A file comes from anywhere; what is ranked and drawn afterwards relies on it. Does not compute a figure anew.
struct ScoreFileCheck {
  private let path: String

  /// - Throws: ``FileError/malformed(path:expected:found:)`` with the field.
  static func check(_ file: ScoreFile, path: String) throws(FileError) {
    let check = ScoreFileCheck(path: path)
    let judges = Set(file.judge.sha256.keys)
    try check.require(!judges.isEmpty, "judge.sha256", "a judge or more", "none")
    try check.count(file.reference.count, "reference.count", atLeast: 1)
    for (index, result) in file.results.enumerated() {
      try check.check(result, "results[\(index)]", judges: judges)
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
    try list(result.similarityPerLabel, "\(place).similarity_per_label", labels, in: -1...1)
    try list(result.realSimilarityPerLabel, "\(place).real_similarity_per_label", labels, in: -1...1)
    if let memorization = result.memorization {
      try check(memorization.generated, "\(place).memorization.generated", result.count)
      try check(memorization.heldOut, "\(place).memorization.held_out", memorization.heldOut.count)
      try memorization.copyingStatistic.map { value throws(FileError) in
        try number(value, "\(place).memorization.copying_statistic")
      }
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
    _ judge: ScoreResult.OfJudge, _ place: String, _ images: Int, _ labels: Int
  ) throws(FileError) {
    try check(judge.frechetDistance, "\(place).frechet_distance")
    try check(judge.kernelDistance, "\(place).kernel_distance")
    try number(judge.expectedFrechetDistance, "\(place).expected_frechet_distance")
    if let distances = judge.frechetDistancePerLabel {
      try list(distances, "\(place).frechet_distance_per_label", labels, in: Self.anyNumber)
    }
    try share(judge.precision, "\(place).precision")
    try share(judge.recall, "\(place).recall")
    try number(judge.density, "\(place).density", in: Self.notNegative)
    try share(judge.coverage, "\(place).coverage")
    try judge.vendi.map { vendi throws(FileError) in
      try number(vendi, "\(place).vendi", in: Self.notNegative)
    }
    try list(judge.vendiPerLabel, "\(place).vendi_per_label", labels, in: Self.notNegative)
    try number(judge.inceptionScore, "\(place).inception_score", in: Self.notNegative)
    try share(judge.meanConfidence, "\(place).mean_confidence")
    try histogram(judge.classHistogram, "\(place).class_histogram", images, labels)
    try share(judge.classEntropy, "\(place).class_entropy")
    let real = judge.real
    try share(real.precision, "\(place).real.precision")
    try share(real.recall, "\(place).real.recall")
    try number(real.density, "\(place).real.density", in: Self.notNegative)
    try share(real.coverage, "\(place).real.coverage")
    try real.vendi.map { vendi throws(FileError) in
      try number(vendi, "\(place).real.vendi", in: Self.notNegative)
    }
    try list(real.vendiPerLabel, "\(place).real.vendi_per_label", labels, in: Self.notNegative)
    try number(real.inceptionScore, "\(place).real.inception_score", in: Self.notNegative)
  }

  /// The bounds of its interval have to be numbers, too.
  private func check(_ distance: ScoreResult.Distance, _ place: String) throws(FileError) {
    try number(distance.value, "\(place).value")
    try number(distance.standardError, "\(place).standard_error", in: Self.notNegative)
    let interval = Leaderboard.interval(of: distance)
    try require(
      interval.lower.isFinite && interval.upper.isFinite, "\(place).standard_error",
      "one whose interval is finite", "\(distance.standardError)")
    try number(distance.floor, "\(place).floor")
    try number(distance.ceiling, "\(place).ceiling")
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
    try share(figures.authenticity, "\(place).authenticity")
  }
}

// MARK: - Numbers and lists

extension ScoreFileCheck {
  private static let anyNumber = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
  private static let notNegative = 0...Double.greatestFiniteMagnitude
  /// Sums of shares round to a little more than 1.
  private static let rounding = 1e-9

  private func require(
    _ isRight: Bool, _ field: String, _ expected: String, _ found: String
  ) throws(FileError) {
    guard isRight else {
      throw .malformed(path: path, expected: "\(field): \(expected)", found: found)
    }
  }

  private func number(_ value: Double, _ field: String, in range: ClosedRange<Double> = anyNumber)
    throws(FileError)
  {
    let expected = range == Self.notNegative ? "0 or more" : "a finite number"
    try require(range.contains(value), field, expected, "\(value)")
  }

  private func share(_ value: Double, _ field: String) throws(FileError) {
    try require(
      (-Self.rounding...1 + Self.rounding).contains(value), field, "a number from 0 to 1", "\(value)")
  }

  private func count(
    _ value: Int, _ field: String, atLeast least: Int = 0, atMost most: Int = .max
  ) throws(FileError) {
    let expected = most == .max ? "\(least) or more" : "\(least) to \(most)"
    try require(value >= least && value <= most, field, expected, "\(value)")
  }

  /// - Parameter range: of each number that is there.
  private func list(
    _ values: [Double?], _ field: String, _ labels: Int, in range: ClosedRange<Double>
  ) throws(FileError) {
    try require(values.count == labels, field, "\(labels) numbers, one for each label", "\(values.count)")
    for (index, value) in values.enumerated() {
      guard let value else { continue }
      let bounds =
        range == -1...1 ? range.lowerBound - Self.rounding...range.upperBound + Self.rounding : range
      let expected =
        range == -1...1
        ? "a number from -1 to 1" : range == Self.notNegative ? "0 or more" : "a finite number"
      try require(bounds.contains(value), "\(field)[\(index)]", expected, "\(value)")
    }
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
