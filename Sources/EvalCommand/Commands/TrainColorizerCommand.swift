import ArgumentParser
import Datasets
import Experiments
import Files
import Generators
import Reports

/// `eval train colorizer`: a network that colours grey images, resumable at any moment.
struct TrainColorizerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "colorizer",
    abstract: "Train a network that colours grey images.",
    discussion: """
      The images are coloured by their labels (see eval dataset --colour); the network sees the grey ones alone, and learns to \
      give each its label's colour. The state, images before and after, and the losses are written after every epoch and at \
      Ctrl-C; --resume goes on from there.
      """)

  @Option(parsing: .unconditional, help: "Passes over the training images; 50 by default.")
  var epochs: Int?
  @Option(parsing: .unconditional, help: "Images a step; 64 by default.")
  var batch: Int?
  @Option(parsing: .unconditional, help: "Everything random follows from it; 1 by default.")
  var seed: UInt64?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Also punish each pixel's distance from its right colour by this weight; 0 by default, as in the source.",
      valueName: "weight"))
  var l1: Float?
  @Option(parsing: .unconditional, help: ArgumentHelp("Only the first training images.", valueName: "count"))
  var limit: Int?
  @OptionGroup var folder: RunFolderOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var compute: ComputeOptions

  func run() throws {
    try compute.prepare()
    let place = try folder.open(name: "colorizer")
    let stored = folder.isResumed ? try GeneratorTrainer.settings(at: place.statePath) : nil
    let all = try data.load(.train)
    let images = limit.map(all.prefix) ?? all
    var recipe = GeneratorRecipe.colorizer(labelNames: images.labelNames, l1Weight: l1 ?? 0)
    recipe.length = epochs.map { .epochs($0) } ?? stored?.length ?? recipe.length
    recipe.batchSize = batch ?? stored?.batchSize ?? recipe.batchSize
    try recipe.check(images, path: data.data)
    let trainer = GeneratorTrainer(recipe, on: images, seed: seed ?? stored?.seed ?? 1)
    let run = try TrainingRun(trainer, in: place, folder.beginning)
    let report = GeneratorReport(recipe, labelCount: images.labelNames.count, seed: trainer.seed)
    try run.train(
      until: nil, snapshot: { try report.writeLosses(trainer.journal, to: place.path) },
      line: GeneratorReport.line)
    try run.finish(command: .current) { try report.writeLosses(trainer.journal, to: place.path) }
    try print("\(place.path)/generator.safetensors: colorizer, \(recipe.length) with \(images.count) images")
  }
}
