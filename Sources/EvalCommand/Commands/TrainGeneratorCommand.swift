import ArgumentParser
import Classifier
import Datasets
import Experiments
import Files
import Generators
import Kernels
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
      --iterations than it was started with. With --seeds there is a training for each seed, one after the other, \
      each in a folder seed-… of its own below that of the run; --resume with that folder goes on with all of them, and \
      eval score --seeds says how much the seed alone changes.
      """)

  @Argument(help: "The recipe; --list shows them. May be left out with --resume.")
  var recipe: String?

  @Flag(help: "List the recipes.")
  var list = false
  @OptionGroup var training: TrainingOptions
  @Option(parsing: .unconditional, help: "Generator steps, in place of epochs.")
  var iterations: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Several trainings in place of one, such as 1,2,3.", valueName: "list"),
    transform: SeedList.parse)
  var seeds: SeedList?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Generator steps between two snapshots; an epoch by default.", valueName: "count"))
  var stepsPerSnapshot: Int?
  @Flag(help: "Also keep the generator's weights at each snapshot, in checkpoints/.")
  var checkpoints = false
  @Flag(
    help: ArgumentHelp(
      "Change the colours of all images that the discriminator sees, move them, and cut a square out (DiffAugment): "
        + "for sets of a few hundred pictures."))
  var augment = false
  @OptionGroup var folder: RunFolderOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    let check = TrainingOptions.check
    if list { return }
    let names = RecipeCatalog.all.map(\.name).joined(separator: ", ")
    guard recipe != nil || folder.isResumed else { throw ValidationError("expected a recipe: \(names)") }
    if let recipe, RecipeCatalog.named(recipe) == nil {
      throw ValidationError("expected a recipe (\(names)), found \(recipe)")
    }
    try check(
      training.seed == nil || (seeds == nil && folder.resumedSeeds.isEmpty), "seed",
      "none beside several seeds, found \(training.seed ?? 0)")
    for (name, count) in [("iterations", iterations), ("steps-per-snapshot", stepsPerSnapshot)] {
      try check(training.counts.contains(count ?? 1), name, "1 or more, up to a million, found \(count ?? 0)")
    }
    try check(
      training.epochs == nil || iterations == nil, "iterations", "either --epochs or --iterations, found both"
    )
    try training.checkBatchOfGenerator()
  }

  func run() throws {
    if list {
      try print(RecipeListing.text(Console.layout))
      return
    }
    try ProcessOptions.checkAlone("a generator")
    try compute.prepare()
    let seeds = seeds?.values ?? folder.resumedSeeds
    let places = try (seeds.isEmpty ? [nil] : seeds.map(Optional.some)).map {
      try folder.open(name: recipe ?? "", seed: $0)
    }
    let place = places[0]
    let stored = folder.isResumed ? try GeneratorTrainer.settings(at: place.statePath) : nil
    let named = recipe ?? stored?.recipe ?? ""
    guard var recipe = RecipeCatalog.named(named) else {
      throw FileError.malformed(
        path: place.statePath, expected: RecipeCatalog.expectation, found: named)
    }
    recipe.length =
      training.epochs.map { .epochs($0) } ?? iterations.map { .steps($0) } ?? stored?.length ?? recipe.length
    recipe.batchSize = training.batch ?? stored?.batchSize ?? recipe.batchSize
    let all = try data.load(.train)
    let images = training.limited(all)
    recipe = recipe.adapted(toLabels: images.labelNames.count)
    if augment || stored?.augmented == true {
      guard let augmented = recipe.augmented(by: DifferentiableAugmentation()) else {
        throw ValidationError("--augment: expected a recipe with a discriminator, found \(recipe.name)")
      }
      recipe = augmented
    }
    recipe.precision = training.precision ?? stored?.precision ?? .float32
    try recipe.check(images, path: data.data)
    let largest = images.count / recipe.batchesPerStep
    guard recipe.batchSize <= largest else {
      if training.batch == nil, stored != nil {
        throw FileError.malformed(
          path: place.statePath,
          expected: "settings.batchSize of at most \(largest), for \(images.count) images",
          found: "\(recipe.batchSize)")
      }
      throw ValidationError(
        images.count < all.count
          ? "--limit: expected \(recipe.batchSize * recipe.batchesPerStep) images or more, for one step of \(recipe.name), "
            + "found \(images.count)"
          : Self.tooFew(images.count, for: recipe))
    }
    let judge = try ReferenceWeights.classifier(.dense)
    func trainer(_ seed: UInt64) -> GeneratorTrainer {
      let trainer = GeneratorTrainer(recipe, on: images, seed: seed)
      trainer.judge(by: judge)
      if let stepsPerSnapshot { trainer.stepsPerSnapshot = stepsPerSnapshot }
      return trainer
    }
    let deadline = training.deadline
    if seeds.isEmpty {
      let run = try TrainingRun(trainer(training.seed ?? stored?.seed ?? 1), in: place, folder.beginning)
      return try train(run, until: deadline)
    }
    try SeedTrainings(zip(seeds, places).map { ($0, $1) }, folder.beginning, training: trainer)
      .run(observer: Console.observer()) {
        try train($0, until: deadline, in: place.path.deletingLastPathComponent)
      }
  }

  /// - Parameter whole: the folder of all trainings, where they are several.
  private func train(
    _ run: TrainingRun<GeneratorTrainer>, until deadline: ContinuousClock.Instant?, in whole: String? = nil
  ) throws {
    let (trainer, path) = (run.training, run.folder.path)
    let (recipe, images) = (trainer.recipe, trainer.images)
    let report = GeneratorReport(recipe, labelCount: images.labelNames.count, seed: trainer.seed)
    try run.train(report, until: deadline, in: whole, checkpoints: checkpoints)
    try print("\(path)/generator.safetensors: \(recipe.name), \(recipe.length) with \(images.count) images")
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
