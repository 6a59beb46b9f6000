import ArgumentParser
import Classifier
import Datasets
import Experiments
import Files
import Generators
import Reports

/// `eval train generator`: any recipe of the catalogue, resumable at any moment.
struct TrainGeneratorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generator",
    abstract: "Train a generator.",
    discussion: """
      The state, a grid of pictures and the losses are written after every epoch, or every --steps-per-snapshot \
      generator steps, and at Ctrl-C; with --resume the training goes on from the last state and ends with the same \
      bytes as one that was never stopped. Where the learning rates are constant, it may go on for more --epochs or \
      --iterations than it was started with.
      """)

  @Argument(help: "The recipe; --list shows them. May be left out with --resume.")
  var recipe: String?

  @Flag(help: "List the recipes.")
  var list = false
  @Option(parsing: .unconditional, help: "Passes over the training images.")
  var epochs: Int?
  @Option(parsing: .unconditional, help: "Generator steps, in place of epochs.")
  var iterations: Int?
  @Option(parsing: .unconditional, help: "Real images a step.")
  var batch: Int?
  @Option(parsing: .unconditional, help: "Everything random follows from it; 1 by default.")
  var seed: UInt64?
  @Option(parsing: .unconditional, help: ArgumentHelp("Only the first training images.", valueName: "count"))
  var limit: Int?
  @Option(parsing: .unconditional, help: "Stop, with the state saved, after this many minutes.")
  var limitMinutes: Double?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Generator steps between two snapshots; an epoch by default.", valueName: "count"))
  var stepsPerSnapshot: Int?
  @Flag(help: "Also keep the generator's weights at each snapshot, in checkpoints/.")
  var checkpoints = false
  @OptionGroup var folder: RunFolderOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    func check(_ isRight: Bool, _ option: String, _ expected: String) throws {
      if !isRight { throw ValidationError("--\(option): expected \(expected)") }
    }
    if list { return }
    let names = RecipeCatalog.all.map(\.name).joined(separator: ", ")
    guard recipe != nil || folder.isResumed else { throw ValidationError("expected a recipe: \(names)") }
    if let recipe, RecipeCatalog.named(recipe) == nil {
      throw ValidationError("expected a recipe (\(names)), found \(recipe)")
    }
    let counts = 1...ClassifierRecipe.largestCount
    try check(counts.contains(epochs ?? 1), "epochs", "1 or more, up to a million, found \(epochs ?? 0)")
    try check(
      counts.contains(iterations ?? 1), "iterations", "1 or more, up to a million, found \(iterations ?? 0)")
    try check(epochs == nil || iterations == nil, "iterations", "either --epochs or --iterations, found both")
    try check((2...65_536).contains(batch ?? 2), "batch", "2 to 65536 images, found \(batch ?? 0)")
    try check((limit ?? 1) >= 1, "limit", "1 or more images, found \(limit ?? 0)")
    try check(
      counts.contains(stepsPerSnapshot ?? 1), "steps-per-snapshot",
      "1 or more, up to a million, found \(stepsPerSnapshot ?? 0)")
    let minutes = limitMinutes ?? 1
    try check(minutes.isFinite && minutes > 0, "limit-minutes", "a number above 0, found \(minutes)")
  }

  func run() throws {
    if list {
      try print(RecipeListing.text(Console.layout))
      return
    }
    try compute.prepare()
    let place = try folder.open(name: recipe ?? "")
    let stored = folder.isResumed ? try GeneratorTrainer.settings(at: place.statePath) : nil
    let named = recipe ?? stored?.recipe ?? ""
    guard var recipe = RecipeCatalog.named(named) else {
      throw FileError.malformed(
        path: place.statePath, expected: RecipeCatalog.expectation, found: named)
    }
    recipe.length =
      epochs.map { .epochs($0) } ?? iterations.map { .steps($0) } ?? stored?.length ?? recipe.length
    recipe.batchSize = batch ?? stored?.batchSize ?? recipe.batchSize
    let all = try data.load(.train)
    let images = limit.map(all.prefix) ?? all
    let size = recipe.imageSize
    guard images.height <= size, images.width <= size, images.channels == 1,
      images.labelNames.count == 10 || !recipe.isConditional
    else {
      throw FileError.malformed(
        path: data.data ?? images.name,
        expected: "gray images of at most \(size)×\(size)" + (recipe.isConditional ? " with ten labels" : ""),
        found: "\(images.shape.dropFirst()) with \(images.labelNames.count) labels")
    }
    let largest = images.count / recipe.batchesPerStep
    guard recipe.batchSize <= largest else {
      if batch == nil, stored != nil {
        throw FileError.malformed(
          path: place.statePath,
          expected: "settings.batchSize of at most \(largest), for \(images.count) images",
          found: "\(recipe.batchSize)")
      }
      throw ValidationError(
        limit.map { $0 < all.count } ?? false
          ? "--limit: expected \(recipe.batchSize * recipe.batchesPerStep) images or more, for one step of \(recipe.name), "
            + "found \(images.count)"
          : Self.tooFew(images.count, for: recipe))
    }
    let trainer = GeneratorTrainer(recipe, on: images, seed: seed ?? stored?.seed ?? 1)
    trainer.judge(by: try ReferenceWeights.classifier(.dense))
    if let stepsPerSnapshot { trainer.stepsPerSnapshot = stepsPerSnapshot }
    let run = try TrainingRun(trainer, in: place, folder.beginning)
    let report = GeneratorReport(recipe, labelCount: images.labelNames.count, seed: trainer.seed)
    try run.train(
      until: limitMinutes.map { ContinuousClock.now + .seconds(60 * $0) },
      snapshot: {
        try report.writeGrids(trainer.shown, step: trainer.stepsDone, to: place.path)
        try report.writeLosses(trainer.journal, to: place.path)
        if checkpoints { try trainer.writeCheckpoint(to: place) }
      }, line: GeneratorReport.line)
    try run.finish(command: .current) {
      try report.writeLosses(trainer.journal, to: place.path)
      for reason in try report.writeAnimations(
        trainer.shown, steps: trainer.journal.snapshots, to: place.path)
      { Console.error("eval: warning: left out of the animation: \(reason)") }
    }
    try print(
      "\(place.path)/generator.safetensors: \(recipe.name), \(recipe.length) with \(images.count) images")
  }

  /// The set is what it is, so it is the batch that can be made smaller.
  private static func tooFew(_ count: Int, for recipe: GeneratorRecipe) -> String {
    let largest = count / recipe.batchesPerStep
    let turns =
      recipe.batchesPerStep == 1 ? "" : ", \(recipe.batchesPerStep) of which are one step of \(recipe.name)"
    return largest >= 2
      ? "--batch: expected at most \(largest) for \(count) training images\(turns), found \(recipe.batchSize)"
      : "--data: expected \(2 * recipe.batchesPerStep) training images or more for \(recipe.name), found \(count)"
  }
}
