import Classifier
import Datasets
import Figures
import Files
import Foundation
import Generators
import Kernels
import Network

/// A generator's training in its folder: steps, snapshots, warnings, and what is written of them.
final class GeneratorRun {
  private let trainer: GeneratorTrainer
  private let recipe: GeneratorRecipe
  private let report: GeneratorReport
  private let judge: NeuralClassifier?
  private let images: LabeledImages
  private let folder: String
  private let interval: Int
  private let keepsCheckpoints: Bool
  private var history: [GeneratorTrainer.Record] = []
  private var watch: TrainingWatch
  private let start = ContinuousClock.now

  /// Losses are averaged over this many steps for the history.
  private static let stepsPerRecord = 100
  /// Images that the judge looks at after each snapshot.
  private static let judgedImages = 500

  private var statePath: String { "\(folder)/training-state.safetensors" }
  private var dataset: String { "\(images.sha256) \(images.count)" }
  /// The generator that is shown and kept: the average where there is one.
  private var shown: any GeneratorNetwork { trainer.averaged ?? trainer.generator }

  init(
    _ recipe: GeneratorRecipe, on images: LabeledImages, seed: UInt64, folder: String, isResumed: Bool,
    stepsPerSnapshot: Int?, keepsCheckpoints: Bool
  ) throws {
    self.recipe = recipe
    self.images = images
    self.folder = folder
    self.keepsCheckpoints = keepsCheckpoints
    trainer = GeneratorTrainer(recipe, on: images, seed: seed)
    report = GeneratorReport(recipe, labelNames: images.labelNames, seed: seed)
    interval = stepsPerSnapshot ?? trainer.stepsPerEpoch
    // The judge looks at images of its own size only.
    judge =
      images.labelNames.count == 10 && recipe.imageSize == images.height
      ? try ReferenceWeights.classifier(.dense) : nil
    watch = TrainingWatch(isLogistic: recipe.isLogistic)
    if isResumed { history = try trainer.resume(from: statePath, dataset: dataset) }
    // Before hours of work: can the folder be written to?
    try trainer.save(to: statePath, dataset: dataset, history: history)
  }

  /// Trains to the end, or until `deadline`, or Ctrl-C; then the state is saved.
  func train(until deadline: ContinuousClock.Instant?) throws {
    Interruption.watch()
    var bar = ProgressBar(
      "training \(recipe.name)", total: trainer.totalSteps * imagesPerStep, unit: "images")
    defer { bar.finish() }
    var sum = GeneratorTrainer.Losses(discriminator: 0, generator: 0)
    var count = 0
    while !trainer.isComplete {
      let isLate = deadline.map { ContinuousClock.now > $0 } ?? false
      guard !Interruption.isRequested, !isLate else {
        // Sums of an interval are not part of the state: an interval that was stopped is recorded short.
        record(&sum, &count)
        try trainer.save(to: statePath, dataset: dataset, history: history)
        throw Interrupted(saved: "the training is saved in \(statePath); go on with --resume")
      }
      let losses = try trainer.step()
      sum.discriminator += losses.discriminator
      sum.generator += losses.generator
      count += 1
      if trainer.stepsDone % Self.stepsPerRecord == 0 { record(&sum, &count) }
      if trainer.stepsDone % interval == 0 || trainer.isComplete {
        record(&sum, &count)
        bar.finish()
        try snapshot(losses)
      }
      bar.show(
        trainer.stepsDone * imagesPerStep,
        detail:
          "epoch \(trainer.stepsDone / trainer.stepsPerEpoch + 1)  D \(Text.fixed(losses.discriminator, 4))  "
          + "G \(Text.fixed(losses.generator, 4))")
    }
    try finish()
  }

  private var imagesPerStep: Int { recipe.batchSize * recipe.criticSteps }

  private func record(_ sum: inout GeneratorTrainer.Losses, _ count: inout Int) {
    guard count > 0 else { return }
    let mean = GeneratorTrainer.Losses(
      discriminator: sum.discriminator / Double(count), generator: sum.generator / Double(count))
    history.append(.init(step: trainer.stepsDone, losses: mean))
    for finding in watch.look(at: mean, step: trainer.stepsDone) { warn(finding) }
    sum = GeneratorTrainer.Losses(discriminator: 0, generator: 0)
    count = 0
  }

  private func snapshot(_ losses: GeneratorTrainer.Losses) throws {
    let step = trainer.stepsDone
    try trainer.save(to: statePath, dataset: dataset, history: history)
    try report.writeGrids(shown, step: step, to: folder)
    try report.writeLosses(history, to: folder)
    if keepsCheckpoints { try write(shown, to: "checkpoints/step-\(step).safetensors") }
    if let judge {
      let latent = recipe.latent(Self.judgedImages, labels: nil, key: Key(seed: trainer.seed).derived(101))
      let labels = judge.predictions(Generator.images(shown, latent))
      for finding in watch.look(atLabels: labels, names: images.labelNames, step: step) { warn(finding) }
    }
    Console.error(
      "step \(step)/\(trainer.totalSteps)  D \(Text.fixed(losses.discriminator, 4))  "
        + "G \(Text.fixed(losses.generator, 4))")
  }

  private func warn(_ finding: TrainingWatch.Finding) {
    Console.error("eval: warning: step \(finding.step): \(finding.warning.rawValue): \(finding.detail)")
  }

  private func finish() throws {
    try write(shown, to: "generator.safetensors")
    if trainer.averaged != nil { try write(trainer.generator, to: "generator-plain.safetensors") }
    try report.writeLosses(history, to: folder)
    try RunManifest(dataset: images.sha256, seconds: (ContinuousClock.now - start) / .seconds(1)).write(
      to: folder)
  }

  private func write(_ network: any GeneratorNetwork, to name: String) throws {
    let manifest = try JSON.line(trainer.settings(dataset: dataset))
    try Generator.file(network, recipe, labelNames: images.labelNames, manifest: manifest).write(
      to: "\(folder)/\(name)")
  }
}
