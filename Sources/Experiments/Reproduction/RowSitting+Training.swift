import Autograd
import Classifier
import Datasets
import Eval
import Files
import Generators
import Kernels
import Network

extension RowSitting {
  // MARK: - Classifiers

  func train(_ recipe: ClassifierRecipe, _ evidence: inout RowEvidence) throws {
    var recipe = recipe
    recipe.seed = seed
    let trainer = ClassifierTrainer(
      recipe, on: bench.training, testedOn: bench.test, defence: recipe.defence.training)
    try sit(trainer, &evidence)
    let epochs = trainer.history.count
    evidence.reached = .init(done: Double(epochs), total: Double(recipe.epochs), unit: "epochs")
    evidence.accuracies[RowEvidence.testImages] = Proportion(
      correct: trainer.classifier.correctCount(on: bench.test), count: bench.test.count)
    evidence.pictures = try drawing.draw(.classifier(trainer.history, recipe), to: folder)
    evidence.add(
      command: [
        "train", "classifier", recipe.architecture.rawValue, "--epochs", "\(recipe.epochs)", "--batch",
        "\(recipe.batchSize)", "--learning-rate", Text.short(Double(recipe.learningRate)), "--schedule",
        "constant", "--weight-decay", "0",
      ] + (recipe.architecture == .dense ? ["--no-mirrors"] : []) + ["--output", run.path])
  }

  // MARK: - Generators

  /// - Parameter arguments: words of the command that trains on the same images.
  func train(
    _ recipe: GeneratorRecipe, on images: LabeledImages, arguments: [String] = [],
    _ evidence: inout RowEvidence
  ) throws {
    var recipe = recipe.adapted(toLabels: images.labelNames.count)
    var arguments = arguments
    let batch = min(recipe.batchSize, images.count / recipe.batchesPerStep)
    if batch < recipe.batchSize { arguments += ["--batch", "\(batch)"] }
    recipe.batchSize = batch
    try recipe.check(images, path: nil)
    let trainer = GeneratorTrainer(recipe, on: images, seed: seed)
    trainer.judge(by: try ReferenceWeights.classifier(.dense))
    try sit(trainer, &evidence)
    let length =
      switch recipe.length {
      case .epochs(let count): ["--epochs", "\(count)"]
      case .steps(let count): ["--iterations", "\(count)"]
      }
    evidence.add(
      command: ["train", "generator", recipe.name] + arguments + length + ["--output", run.path])
    guard !evidence.isDiverged, images.channels == bench.test.channels else { return }
    let generator = try GeneratorSamples(contentsOf: Self.weights(in: run.path))
    evidence.score = try bench.score(generator, count: count)
    evidence.askedLabels = try bench.askedLabels(generator)
    evidence.changedLabels = bench.changedLabels(trainer, in: run)
    evidence.add(command: ["score", "\(run.path)/generator.safetensors"])
  }

  /// - Parameter onlyOneLabel: takes the label that has most pictures.
  func train(_ recipe: GeneratorRecipe, onlyOneLabel: Bool, _ evidence: inout RowEvidence) throws {
    guard let pictures = onlyOneLabel ? bench.pictures?.ofLargestLabel : bench.pictures else { return }
    let images = pictures.images
    evidence.trainedOn = pictures.description
    try train(recipe, on: images, arguments: pictures.arguments, &evidence)
    let drawn = Generator.images(
      try Generator(contentsOf: Self.weights(in: run.path)).network,
      recipe.adapted(toLabels: images.labelNames.count).latent(
        Self.comparedImages, labels: nil, key: .init(seed: seed)))
    let real = images.tensor(Array(0..<min(Self.comparedImages, images.count)))
    evidence.figures["variety"] = Self.meanDistance(drawn) / Self.meanDistance(real)
  }

  func trainColorizer(_ evidence: inout RowEvidence) throws {
    var recipe = GeneratorRecipe.colorizer(labelNames: bench.training.labelNames, l1Weight: 0)
    recipe.length = PublishedRows.colorizerLength
    try sit(GeneratorTrainer(recipe, on: bench.training, seed: seed), &evidence)
    evidence.add(command: ["train", "colorizer", "--output", run.path])
    evidence.add(command: ["colorize", "--colorizer", run.path])
    guard !evidence.isDiverged else { return }
    let outcome = try ColorizationExperiment(contentsOf: Self.weights(in: run.path))
      .run(on: GreyImages(bench.test), observer: bench.observer)
    guard let figures = outcome.result?.figures, let own = figures.first else { return }
    evidence.accuracies["labels told from the colour"] = own.labelFromColor
    evidence.figures["colour error"] = own.colorError.value
    evidence.figures["colour error of the mean"] =
      figures.first { $0.name == ColorizationExperiment.meanColour }?.colorError.value
  }

  // MARK: - One sitting

  private static var comparedImages: Int { 64 }

  /// Trains a generator as far as the time allows, and keeps how it went.
  private func sit(_ trainer: GeneratorTrainer, _ evidence: inout RowEvidence) throws {
    do {
      try sit(trainer, &evidence.seconds) { run in
        try drawing.snapshot(of: trainer, testImages: bench.test, in: run)
      }
    } catch let divergence as GeneratorTrainer.Divergence {
      evidence.isDiverged = true
      evidence.warnings.append("\(divergence)")
    }
    let perUnit: Int
    let unit: String
    switch trainer.recipe.length {
    case .epochs: (perUnit, unit) = (trainer.stepsPerEpoch, "epochs")
    case .steps: (perUnit, unit) = (1, "steps")
    }
    evidence.reached = .init(
      done: Double(trainer.stepsDone) / Double(perUnit), total: Double(trainer.totalSteps) / Double(perUnit),
      unit: unit)
    evidence.losses = Self.thinned(trainer.journal.records)
    evidence.warnings += trainer.journal.findings.map {
      "step \($0.step): \($0.warning.rawValue): \($0.detail)"
    }
    guard !evidence.isDiverged else { return }
    if let result = try trainer.results().first {
      try result.file.write(to: Self.weights(in: run.path))
    }
    evidence.pictures = try drawing.draw(
      .generator(trainer, testImages: bench.test, run: run), to: folder)
  }

  private func sit(_ trainer: ClassifierTrainer, _ evidence: inout RowEvidence) throws {
    do {
      try sit(trainer, &evidence.seconds) { _ in }
    } catch let divergence as ClassifierTrainer.Divergence {
      evidence.isDiverged = true
      evidence.warnings.append("\(divergence)")
    }
  }

  /// - Parameter seconds: becomes what the training has taken so far.
  /// - Throws: ``TrainingInterrupted`` where somebody wanted so; the end of the time is none.
  private func sit<Training: ResumableTraining>(
    _ training: Training, _ seconds: inout Double, snapshot: (RunFolder) throws -> Void
  ) throws {
    let run = try TrainingRun(training, in: run, run.holdsState ? .resuming : .new)
    defer { seconds = run.seconds }
    do {
      try run.train(
        until: deadline, isInterrupted: isInterrupted, observer: bench.observer,
        snapshot: { try snapshot(run.folder) })
    } catch let stop as TrainingInterrupted where stop.cause == nil && !isInterrupted() {
      return
    }
    try run.finish()
  }

  /// At most 200 intervals, evenly.
  private static func thinned(_ records: [TrainingJournal.Record]) -> [TrainingJournal.Record] {
    let step = max(1, (records.count + 199) / 200)
    return records.indices.filter { $0 % step == step - 1 }.map { records[$0] }
  }

  /// The mean distance between two of the images.
  private static func meanDistance(_ images: Tensor) -> Double {
    let count = images.shape[0]
    let size = images.shape.dropFirst().reduce(1, *)
    let pixels = images.elements
    var sum = 0.0
    for first in 0..<count {
      for second in 0..<first {
        var square = 0.0
        for place in 0..<size {
          let difference = Double(pixels[first * size + place] - pixels[second * size + place])
          square += difference * difference
        }
        sum += square.squareRoot()
      }
    }
    return sum / Double(max(1, count * (count - 1) / 2))
  }
}
