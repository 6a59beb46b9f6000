import ArgumentParser
import Classifier
import Datasets
import Experiments
import Files
import Generators
import Kernels
import Reports

/// `eval train colorizer`: a network that colours grey images, resumable at any moment.
struct TrainColorizerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "colorizer",
    abstract: "Train a network that colours grey images.",
    discussion: """
      The training images are coloured by their labels (see eval dataset --colour); the network sees the grey ones alone, \
      and learns to give each its label's colour, by default in 50 epochs with batches of 64. After every epoch, and at Ctrl-C, the state and the losses are written, \
      and a grid of test images before and after, each beside its right colour; --resume goes on from there, and ends with \
      the same bytes as a training that was never stopped. eval colorize says how well it colours.
      """)

  @OptionGroup var training: TrainingOptions
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Also punish each pixel's distance from its right colour by this weight, such as 100; 0 by default, as in the source.",
      valueName: "weight"))
  var l1: Float?
  @OptionGroup var folder: RunFolderOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    try training.checkBatchOfGenerator()
    let weight = l1 ?? 0
    try TrainingOptions.check(
      weight.isFinite && weight >= 0, "l1", "a number of 0 or more, found \(weight)")
  }

  func run() throws {
    try ProcessOptions.checkAlone("a colorizer")
    try compute.prepare()
    let place = try folder.open(name: "colorizer")
    let stored = folder.isResumed ? try GeneratorTrainer.settings(at: place.statePath) : nil
    let (all, test) = try data.loadBoth()
    let images = training.limited(all)
    var recipe = GeneratorRecipe.colorizer(
      labelNames: images.labelNames, l1Weight: l1 ?? stored?.l1Weight ?? 0)
    recipe.length = training.epochs.map { .epochs($0) } ?? stored?.length ?? recipe.length
    recipe.batchSize = training.batch ?? stored?.batchSize ?? recipe.batchSize
    recipe.precision = training.precision ?? stored?.precision ?? .float32
    let size = Colorizer.size
    for set in [images, test] where set.shape.dropFirst() != [size, size, 1] {
      throw FileError.malformed(
        path: data.data ?? set.name, expected: "grey images of \(size)×\(size)",
        found: "\(set.channels == 1 ? "grey" : "RGB") ones of \(set.height)×\(set.width)")
    }
    guard recipe.batchSize <= images.count else {
      throw ValidationError(
        "--batch: expected at most \(images.count), the number of training images, found \(recipe.batchSize)")
    }
    let trainer = GeneratorTrainer(recipe, on: images, seed: training.seed ?? stored?.seed ?? 1)
    let report = GeneratorReport(
      recipe,
      ColorizerGrids(test, colors: StaticColours(labelNames: images.labelNames)))
    let run = try TrainingRun(trainer, in: place, folder.beginning)
    try run.train(report, until: training.deadline)
    try print("\(place.path)/colorizer.safetensors: \(recipe.length) with \(images.count) images")
  }
}
