import Datasets
import Experiments
import Figures
import Files
import FoundationEssentials
import Generators
import Pictures

/// The pictures of a reproduction's rows, drawn by the reports of the same things.
public struct ReproductionPictures: ReproductionDrawing {
  /// Grids of an animation on a page: a whole one of fifty would be megabytes.
  private static let frames = 10

  /// Ready to draw; there is nothing to set.
  public init() {}

  /// Writes the grids and the losses of a training so far into its folder.
  ///
  /// - Throws: `FileError/unwritable(path:reason:)`.
  public func snapshot(of trainer: GeneratorTrainer, testImages: LabeledImages, in run: RunFolder) throws {
    let report = report(trainer, testImages)
    try report.writeGrids(trainer.shown, step: trainer.stepsDone, to: run.path)
    try report.writeLosses(trainer.journal, to: run.path)
  }

  /// Draws what a row has to show.
  ///
  /// - Returns: the files that were written, with their captions, in the order of the page.
  /// - Throws: `FileError/unwritable(path:reason:)`; `NotFinite` where a number of the result is not finite.
  public func draw(_ subject: ReproductionSubject, to folder: String) throws -> [RowEvidence.Picture] {
    switch subject {
    case .generator(let trainer, let testImages, let run):
      return try draw(trainer, testImages, run, to: folder)
    case .classifier(let history, let recipe):
      guard history.count > 1 else { return [] }
      try TrainingReport(history, recipe: recipe).write(to: folder)
      return [.init("history.svg", "Accuracy after each epoch")]
    case .curve(let outcome):
      try AccuracyReport(outcome).write(to: folder)
      return [.init("accuracy-vs-epsilon.svg", "Accuracy against ε")]
    case .confusion(let outcome):
      try ConfusionReport(outcome).write(to: folder)
      return [.init("confusion-matrix.svg", "Confusion matrix")]
    case .examples(let examples):
      try ExampleSheet(examples).write(to: folder)
      return [.init("examples.png", "Single images and their probabilities")]
    case .dataset(let images):
      try DatasetReport(DatasetSummary(images, split: images.split)).writeSheet(of: images, to: folder)
      return [.init("dataset.png", "Ten images of each label")]
    case .drawn(let images, let caption):
      try images.bitmap.write(to: "\(folder)/drawn.png")
      return [.init("drawn.png", caption)]
    }
  }

  private func draw(
    _ trainer: GeneratorTrainer, _ testImages: LabeledImages, _ run: RunFolder, to folder: String
  ) throws -> [RowEvidence.Picture] {
    let report = report(trainer, testImages)
    var pictures: [RowEvidence.Picture] = []
    try report.writeLosses(trainer.journal, to: folder)
    if trainer.journal.records.count > 1 {
      pictures.append(.init("losses.svg", "Losses"))
    }
    try report.grid(of: trainer.shown).write(to: "\(folder)/grid.png")
    pictures.append(.init("grid.png", "The same noise after \(trainer.stepsDone) steps"))
    let steps = trainer.journal.snapshots
    let shown = steps.indices.filter { $0 % max(1, steps.count / Self.frames) == 0 }.map { steps[$0] }
    if shown.count > 1 {
      _ = try report.writeAnimations(trainer.shown, steps: shown, to: run.path)
      let name = "grids.gif"
      if let animation = try? AtomicFile.read("\(run.path)/\(name)") {
        try AtomicFile.write(animation, to: "\(folder)/\(name)")
        pictures.append(.init(name, "The same noise on the way, \(shown.count) moments"))
      }
    }
    return pictures
  }

  private func report(_ trainer: GeneratorTrainer, _ testImages: LabeledImages) -> GeneratorReport {
    guard trainer.recipe.colorizing != nil else {
      return GeneratorReport(
        trainer.recipe, labelCount: trainer.images.labelNames.count, seed: trainer.seed)
    }
    return GeneratorReport(
      trainer.recipe,
      ColorizerGrids(testImages, colors: StaticColours(labelNames: trainer.images.labelNames)))
  }
}
