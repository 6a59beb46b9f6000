import Adversary
import Classifier
import Datasets
import Eval
import Files
import Generators
import Glibc
import Network

/// One row's work in one sitting: as much of its training as the time allows, and what was measured then.
struct RowSitting {
  let row: PublishedRow
  let bench: StudyBench
  /// Of the page.
  let folder: String
  let run: RunFolder
  /// When a training shall stop at the latest.
  let deadline: ContinuousClock.Instant?
  let isInterrupted: () -> Bool
  let drawing: any ReproductionDrawing
  let seed: UInt64
  /// Images that a generator draws for the judges.
  let count: Int

  /// - Parameter drawing: nil draws as the bench does.
  init(
    _ row: PublishedRow, bench: StudyBench, folder: String, run: String,
    deadline: ContinuousClock.Instant?, isInterrupted: @escaping () -> Bool,
    drawing: (any ReproductionDrawing)? = nil, seed: UInt64 = 1, count: Int? = nil
  ) {
    (self.row, self.bench, self.folder, self.deadline) = (row, bench, folder, deadline)
    (self.run, self.isInterrupted) = (RunFolder(path: run), isInterrupted)
    (self.drawing, self.seed, self.count) = (drawing ?? bench.drawing, seed, count ?? bench.count)
  }

  /// Writes the evidence after the training of each seed.
  ///
  /// - Parameter earlier: what earlier sittings left.
  func evidence(after earlier: RowEvidence?) throws -> RowEvidence {
    try AtomicFile.createFolder(folder)
    var evidence = RowEvidence(row)
    evidence.images = bench.digest(row)
    if let earlier, earlier.isComplete(judgedBy: bench.count) {
      evidence = earlier
    } else {
      let start = ContinuousClock.now
      try study(&evidence)
      if row.length == nil { evidence.seconds = (ContinuousClock.now - start) / .seconds(1) }
      try evidence.write(to: folder)
    }
    guard evidence.isComplete else { return evidence }
    for seed in evidence.openSeeds(of: row) {
      if let deadline, deadline <= .now { break }
      let own = try repeated(by: seed, count: evidence.score?.count)
      evidence.repeats = evidence.repeats.filter { $0.seed != seed } + [own]
      try evidence.write(to: folder)
    }
    return evidence
  }

  /// The training by another seed, as far as the time allows.
  ///
  /// - Parameter count: of the images that the first seed was judged by.
  private func repeated(by seed: UInt64, count: Int?) throws -> RowEvidence.Repeat {
    var other = RowEvidence(row)
    try RowSitting(
      row, bench: bench, folder: folder, run: "\(run.path)-seed-\(seed)", deadline: deadline,
      isInterrupted: isInterrupted, drawing: NoDrawing(), seed: seed, count: count
    ).study(&other)
    return RowEvidence.Repeat(
      seed: seed, isComplete: other.isComplete, accuracy: other.accuracies[RowEvidence.testImages],
      distance: other.distance.flatMap { distance in
        distance.value.map { MetricFigure($0, standardError: distance.standardError) }
      }, askedLabels: other.askedLabels)
  }

  /// Repeated trainings are figures alone.
  private struct NoDrawing: ReproductionDrawing {
    func snapshot(of trainer: GeneratorTrainer, testImages: LabeledImages, in run: RunFolder) {}
    func draw(_ subject: ReproductionSubject, to folder: String) -> [RowEvidence.Picture] { [] }
  }

  private func study(_ evidence: inout RowEvidence) throws {
    switch row.study {
    case .classifier(let recipe): try train(recipe, &evidence)
    case .noise(let epsilon): try noise(epsilon, &evidence)
    case .curve: try curve(&evidence)
    case .confusion: try confusion(&evidence)
    case .predictions: try predictions(&evidence)
    case .generator(let recipe): try train(recipe, on: bench.training, &evidence)
    case .pictures(let recipe, let onlyOneLabel): try train(recipe, onlyOneLabel: onlyOneLabel, &evidence)
    case .colouredImages: try colouredImages(&evidence)
    case .colorizer: try trainColorizer(&evidence)
    case .drawing(let row): try drawing(row, &evidence)
    case .dataset: try dataset(bench.training, ["dataset", "--output", "results"], &evidence)
    }
  }

  // MARK: - Classifiers

  private func noise(_ epsilon: Double, _ evidence: inout RowEvidence) throws {
    let experiment = ConfusionExperiment(epsilon: epsilon)
    let examples = experiment.examples(try conv(&evidence), on: bench.test.prefix(Self.shownImages))
    evidence.pictures = try drawing.draw(.examples(examples), to: folder)
    evidence.add(
      command: [
        "confusion-matrix", "--classifier", named(evidence), "--epsilon", Text.short(epsilon), "--examples",
        "\(Self.shownImages)", "--output", "results",
      ])
  }

  private func predictions(_ evidence: inout RowEvidence) throws {
    let examples = ConfusionExperiment().examples(
      try conv(&evidence), on: bench.test.prefix(Self.shownImages))
    evidence.pictures = try drawing.draw(.examples(examples), to: folder)
    evidence.add(
      command: [
        "confusion-matrix", "--classifier", named(evidence), "--examples", "\(Self.shownImages)", "--output",
        "results",
      ])
  }

  private func curve(_ evidence: inout RowEvidence) throws {
    let experiment = AccuracyVsEpsilonExperiment(pixelRange: .published)
    let outcome = try experiment.run([try conv(&evidence)], on: bench.test, observer: bench.observer)
    let points = outcome.result.curves.first?.points ?? []
    let own = Dictionary(points.map { ($0.epsilon, $0) }) { first, _ in first }
    let distances = PublishedCurve.points.compactMap { point in
      own[point.epsilon].map { abs($0.accuracy - point.accuracy) }
    }
    evidence.figures["farthest from the published curve"] = distances.max()
    evidence.accuracies["test images at ε = 0.05"] = own[0.05].map {
      Proportion(correct: $0.correct, count: $0.count)
    }
    evidence.pictures = try drawing.draw(.curve(outcome), to: folder)
    evidence.add(
      command: [
        "accuracy-vs-epsilon", "--classifier", named(evidence), "--pixel-range", "-1...1", "--output",
        "results",
      ])
  }

  private func confusion(_ evidence: inout RowEvidence) throws {
    let outcome = try ConfusionExperiment().run(try conv(&evidence), on: bench.test, observer: bench.observer)
    for (rank, pair) in outcome.matrix.mostConfused(.max).enumerated() {
      evidence.figures["rank of \(pair.first) and \(pair.second)"] = Double(rank + 1)
      evidence.figures["\(pair.first) and \(pair.second)"] = Double(pair.count)
    }
    evidence.pictures = try drawing.draw(.confusion(outcome), to: folder)
    evidence.add(command: ["confusion-matrix", "--classifier", named(evidence), "--output", "results"])
  }

  private func conv(_ evidence: inout RowEvidence) throws(FileError) -> NeuralClassifier {
    let own = try bench.conv()
    evidence.provisional = own.provisional
    return own.classifier
  }

  /// Which classifier a command has to name.
  private func named(_ evidence: RowEvidence) -> String {
    evidence.provisional == nil ? bench.run(ofRow: "A2") : "conv"
  }

  private static let shownImages = 6

  // MARK: - Images

  private func colouredImages(_ evidence: inout RowEvidence) throws {
    let colours = StaticColours(labelNames: bench.test.labelNames)
    let sets = [bench.training, bench.test].map { (grey: $0, coloured: colours($0)) }
    evidence.figures["images"] = Double(sets.reduce(0) { $0 + $1.coloured.count })
    evidence.figures["lit background pixels"] = Double(
      sets.reduce(0) { $0 + Self.litBackground($1.grey, $1.coloured) })
    try dataset(sets[0].coloured, ["dataset", "--colour", "--output", "results"], &evidence)
  }

  /// Pixels that are black in grey and not in colour.
  private static func litBackground(_ grey: LabeledImages, _ coloured: LabeledImages) -> Int {
    grey.pixels.indices.count { place in
      grey.pixels[place] == 0 && coloured.pixels[3 * place..<3 * place + 3].contains { $0 > 0 }
    }
  }

  private func dataset(_ images: LabeledImages, _ command: [String], _ evidence: inout RowEvidence) throws {
    evidence.pictures = try drawing.draw(.dataset(images), to: folder)
    evidence.add(command: command)
  }

  private func drawing(_ other: String, _ evidence: inout RowEvidence) throws {
    guard let generator = try bench.generator(ofRow: other), let row = PublishedRows.named(other) else {
      evidence.provisional = "\(other) is not trained"
      return
    }
    if try !bench.isTrained(row) { evidence.provisional = "\(other) is not trained to its end" }
    let label = bench.test.labelNames.firstIndex(of: "Sandal") ?? 0
    let images = GeneratorDrawing(count: 6, seed: 1, label: label).images(of: generator)
    evidence.pictures = try drawing.draw(
      .drawn(images, caption: "six images asked of \(other): \(bench.test.labelNames[label])"), to: folder)
    evidence.add(
      command: [
        "generate", "--generator", Self.weights(in: bench.run(ofRow: other)), "--label",
        bench.test.labelNames[label], "--count", "6", "--output", "sandals.png",
      ])
  }

  /// Of a row's generator, as far as its training has come.
  static func weights(in run: String) -> String { "\(run)/reached.safetensors" }
}
