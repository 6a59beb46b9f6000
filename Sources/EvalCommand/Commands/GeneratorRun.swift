import Autograd
import Classifier
import Datasets
import Experiments
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
  private let folder: RunFolder
  private let interval: Int
  private let keepsCheckpoints: Bool
  private let start = ContinuousClock.now

  /// Images that the judge looks at after each snapshot.
  private static let judgedImages = 500

  private var dataset: String { "\(images.sha256) \(images.count)" }

  init(
    _ recipe: GeneratorRecipe, on images: LabeledImages, seed: UInt64, folder: RunFolder, isResumed: Bool,
    stepsPerSnapshot: Int?, keepsCheckpoints: Bool
  ) throws {
    self.recipe = recipe
    self.images = images
    self.folder = folder
    self.keepsCheckpoints = keepsCheckpoints
    trainer = GeneratorTrainer(recipe, on: images, seed: seed)
    report = GeneratorReport(recipe, labelNames: images.labelNames, seed: seed)
    interval = stepsPerSnapshot ?? trainer.stepsPerEpoch
    // The judge knows ten labels, on images of its own size.
    let judge = try ReferenceWeights.classifier(.dense)
    self.judge = images.labelNames.count == 10 && judge.imageShape[0] <= recipe.imageSize ? judge : nil
    if isResumed {
      try trainer.resume(from: folder.statePath, dataset: dataset)
    } else {
      try folder.removeResults()
    }
    // Before hours of work: can the folder be written to?
    try save()
    // A kill may have come between the state of a snapshot and its pictures.
    if trainer.journal.snapshots.last == trainer.stepsDone { try writeSnapshot() }
  }

  /// Trains to the end, or until `deadline`, or Ctrl-C; then the state is saved.
  func train(until deadline: ContinuousClock.Instant?) throws {
    try Interruption.heldBack(
      saved: "the training is saved in \(folder.statePath); go on with --resume \(folder.path)"
    ) { try steps(until: deadline) }
    try finish()
  }

  private func steps(until deadline: ContinuousClock.Instant?) throws {
    var bar = ProgressBar(
      "training \(recipe.name)", total: trainer.totalSteps * imagesPerStep, unit: "images")
    defer { bar.finish() }
    while !trainer.isComplete {
      let isLate = deadline.map { ContinuousClock.now > $0 } ?? false
      guard !Interruption.isRequested, !isLate else {
        try save()
        throw Interrupted()
      }
      let (losses, findings) = try trainer.step()
      findings.forEach(warn)
      if trainer.stepsDone % interval == 0 || trainer.isComplete {
        bar.finish()
        try snapshot(losses)
      }
      bar.show(
        trainer.stepsDone * imagesPerStep,
        detail: "epoch \(trainer.stepsDone / trainer.stepsPerEpoch + 1)  \(Self.text(losses))")
    }
  }

  private var imagesPerStep: Int { recipe.batchSize * recipe.criticSteps }

  private func save() throws { try trainer.save(to: folder.statePath, dataset: dataset) }

  private static func text(_ losses: Losses) -> String {
    zip(losses.names, losses.values).map { "\($0) \(Text.fixed($1, 4))" }.joined(separator: "  ")
  }

  private func snapshot(_ losses: Losses) throws {
    if let judge {
      let latent = recipe.latent(Self.judgedImages, labels: nil, key: Key(seed: trainer.seed).derived(101))
      let images = Generator.images(trainer.shown, latent).centered(judge.imageShape[0])
      trainer.note(labels: judge.predictions(images)).forEach(warn)
    }
    trainer.noteSnapshot()
    try save()
    try writeSnapshot()
    Console.error("step \(trainer.stepsDone)/\(trainer.totalSteps)  \(Self.text(losses))")
  }

  private func writeSnapshot() throws {
    let step = trainer.stepsDone
    try report.writeGrids(trainer.shown, step: step, to: folder.path)
    try report.writeLosses(trainer.journal, to: folder.path)
    if keepsCheckpoints { try write(trainer.shown, to: "checkpoints/\(Self.checkpointName(step: step))") }
  }

  static func checkpointName(step: Int) -> String { "step-\(step).safetensors" }

  /// The step in the name of a checkpoint; nil for other files.
  static func checkpointStep(_ name: String) -> Int? {
    Int(name.dropFirst("step-".count).prefix { $0 != "." }).flatMap {
      name == checkpointName(step: $0) ? $0 : nil
    }
  }

  private func warn(_ finding: TrainingWatch.Finding) {
    Console.error("eval: warning: step \(finding.step): \(finding.warning.rawValue): \(finding.detail)")
  }

  private func finish() throws {
    try write(trainer.shown, to: "generator.safetensors")
    if trainer.averaged != nil { try write(trainer.generator, to: "generator-plain.safetensors") }
    try report.writeLosses(trainer.journal, to: folder.path)
    let faults = try report.writeAnimations(
      trainer.shown, steps: trainer.journal.snapshots, to: folder.path)
    for reason in faults {
      Console.error("eval: warning: left out of the animation: \(reason)")
    }
    try RunManifest(dataset: images.sha256, seconds: (ContinuousClock.now - start) / .seconds(1)).write(
      to: folder.path)
  }

  private func write(_ network: any GeneratorNetwork, to name: String) throws {
    let manifest = try JSON.line(trainer.settings(dataset: dataset))
    try Generator.file(network, recipe, labelNames: images.labelNames, manifest: manifest).write(
      to: "\(folder.path)/\(name)")
  }
}
