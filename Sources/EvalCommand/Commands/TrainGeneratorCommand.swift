import ArgumentParser
import Classifier
import Datasets
import Figures
import Files
import Foundation
import Generators
import Kernels
import Network

/// `eval train generator`: any recipe of the catalogue, resumable at any moment.
struct TrainGeneratorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generator",
    abstract: "Train a generator against its discriminator.",
    discussion: """
      The state, a grid of pictures and the losses are written after every epoch, or every --steps-per-snapshot \
      generator steps, and at Ctrl-C; with --resume the training goes on from the last state and ends with the same \
      bytes as one that was never stopped.
      """)

  @Argument(help: "The recipe; --list shows them.")
  var recipe: String?

  @Flag(help: "List the recipes.")
  var list = false
  @Option(parsing: .unconditional, help: "Passes over the training images.")
  var epochs: Int?
  @Option(parsing: .unconditional, help: "Real images a step.")
  var batch: Int?
  @Option(parsing: .unconditional, help: "Everything random follows from it.")
  var seed: UInt64 = 1
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
  @Option(help: ArgumentHelp("The folder of the run; runs/<recipe> by default.", valueName: "dir"))
  var output: String?
  @Flag(help: "Continue the training in the output folder.")
  var resume = false
  @Flag(help: "Replace a training that is in the output folder already.")
  var overwrite = false
  @OptionGroup var data: DataOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    func check(_ isRight: Bool, _ option: String, _ expected: String) throws {
      if !isRight { throw ValidationError("--\(option): expected \(expected)") }
    }
    if list { return }
    let names = RecipeCatalog.all.map(\.name).joined(separator: ", ")
    guard let recipe else { throw ValidationError("expected a recipe: \(names)") }
    guard RecipeCatalog.named(recipe) != nil else {
      throw ValidationError("\(recipe): expected a recipe (\(names)), found \(recipe)")
    }
    let counts = 1...ClassifierRecipe.largestCount
    try check(counts.contains(epochs ?? 1), "epochs", "1 or more, up to a million, found \(epochs ?? 0)")
    try check((2...65_536).contains(batch ?? 2), "batch", "2 to 65536 images, found \(batch ?? 0)")
    try check((limit ?? 1) >= 1, "limit", "1 or more images, found \(limit ?? 0)")
    try check(
      counts.contains(stepsPerSnapshot ?? 1), "steps-per-snapshot",
      "1 or more, up to a million, found \(stepsPerSnapshot ?? 0)")
    let minutes = limitMinutes ?? 1
    try check(minutes.isFinite && minutes > 0, "limit-minutes", "a number above 0, found \(minutes)")
    try check(output?.isEmpty != true, "output", "a folder, found an empty name")
    try check(!(resume && overwrite), "resume", "either --resume or --overwrite, found both")
  }

  func run() throws {
    if list {
      print(Self.listing)
      return
    }
    try compute.prepare()
    guard let named = recipe, var recipe = RecipeCatalog.named(named) else { return }
    let folder = output ?? "runs/\(recipe.name)"
    let statePath = "\(folder)/training-state.safetensors"
    if FileManager.default.fileExists(atPath: statePath), !resume, !overwrite {
      throw FileError.unwritable(
        path: folder, reason: "it holds a training already; add --resume to go on, --overwrite to start anew")
    }
    if resume {
      let settings = try GeneratorTrainer.settings(at: statePath)
      recipe.epochs = epochs ?? settings.epochs
      recipe.batchSize = batch ?? settings.batchSize
    } else {
      recipe.epochs = epochs ?? recipe.epochs
      recipe.batchSize = batch ?? recipe.batchSize
    }
    let all = try data.load(.train)
    let images = limit.map { all.prefix(min($0, all.count)) } ?? all
    let size = recipe.imageSize
    guard images.height <= size, images.width <= size, images.channels == 1,
      images.labelNames.count == 10 || !recipe.isConditional
    else {
      throw FileError.malformed(
        path: data.data ?? images.name,
        expected: "gray images of at most \(size)×\(size)" + (recipe.isConditional ? " with ten labels" : ""),
        found: "\(images.shape.dropFirst()) with \(images.labelNames.count) labels")
    }
    guard images.count >= recipe.batchSize * recipe.criticSteps else {
      throw ValidationError(
        "--limit: expected \(recipe.batchSize * recipe.criticSteps) images or more, for one step of \(recipe.name), "
          + "found \(images.count)")
    }
    let run = try GeneratorRun(
      recipe, on: images, seed: seed, folder: folder, isResumed: resume,
      stepsPerSnapshot: stepsPerSnapshot, keepsCheckpoints: checkpoints)
    try run.train(until: limitMinutes.map { ContinuousClock.now + .seconds(60 * $0) })
    print(
      "\(folder)/generator.safetensors: \(recipe.name), \(recipe.epochs) epochs of \(images.count) images")
  }

  private static var listing: String {
    var table = TerminalTable([
      .init("recipe"), .init("what it is"), .init("labels"), .init("batch", .right), .init("epochs", .right),
      .init("source"),
    ])
    for recipe in RecipeCatalog.all {
      table.add([
        recipe.name, recipe.summary, recipe.isConditional ? "yes" : "no", "\(recipe.batchSize)",
        "\(recipe.epochs)",
        recipe.citation,
      ])
    }
    return table.text
  }
}
