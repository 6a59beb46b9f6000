import ArgumentParser
import Classifier
import Datasets
import Experiments
import Files
import Kernels
import Network
import Reports

extension ClassifierArchitecture: ExpressibleByArgument {}
extension ClassifierOptimizer: ExpressibleByArgument {}
extension ClassifierRecipe.Schedule: ExpressibleByArgument {}

/// `eval train classifier`: a classifier with or without a defence, resumable at any moment.
struct TrainClassifierCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "classifier",
    abstract: "Train a classifier: \(architectures).",
    discussion: """
      Every option left out has the value of the recipe of the reference weights, or of the defence's. The state is \
      written after every epoch and at Ctrl-C; with --resume the training goes on from it and ends with the same bytes \
      as one that was never stopped. Where the learning rate is constant, it may go on for more --epochs than it was \
      started with. Started by mpirun, several processes train one classifier together, each with lanes of every batch; \
      the first one writes.
      """)

  private static let architectures = "dense, conv, conv-relu or resnet"

  @Argument(help: "The architecture: \(architectures). May be left out with --resume.")
  var architecture: ClassifierArchitecture?

  @OptionGroup var training: TrainingOptions
  @Option(parsing: .unconditional, help: "The learning rate at its highest.")
  var learningRate: Float?
  @Option(
    help:
      "How the learning rate falls: \(ClassifierRecipe.Schedule.allCases.map(\.rawValue).joined(separator: ", "))."
  )
  var schedule: ClassifierRecipe.Schedule?
  @Option(
    parsing: .unconditional,
    help: "The share of the training in which the learning rate rises, from 0 to below 1.")
  var warmup: Double?
  @Option(help: "adamw, or sgd with Nesterov's momentum 0.9.")
  var optimizer: ClassifierOptimizer?
  @Option(parsing: .unconditional, help: "Weight decay: AdamW's decoupled one; of sgd on weights alone.")
  var weightDecay: Float?
  @Option(parsing: .unconditional, help: "The share of the label spread over all labels, from 0 to below 1.")
  var labelSmoothing: Float?
  @Option(parsing: .unconditional, help: "Move training images by up to this many pixels.")
  var shift: Int?
  @Flag(inversion: .prefixedNo, help: "Mirror training images with probability ½.")
  var mirrors: Bool?
  @Option(
    parsing: .unconditional,
    help: "The share of training images in which a rectangle is covered by noise, from 0 to 1.")
  var erasing: Double?
  @OptionGroup var defence: DefenceOptions
  @OptionGroup var together: ProcessOptions
  @OptionGroup var folder: RunFolderOptions
  @OptionGroup var data: DataOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    let check = TrainingOptions.check
    if architecture == nil, !folder.isResumed {
      throw ValidationError("expected an architecture: \(Self.architectures)")
    }
    let batch = training.batch ?? 1
    try check(training.counts.contains(batch), "batch", "1 or more, up to a million, found \(batch)")
    let rate = learningRate ?? 1
    try check(rate.isFinite && rate > 0, "learning-rate", "a number above 0, found \(rate)")
    let decay = weightDecay ?? 0
    try check(decay.isFinite && decay >= 0, "weight-decay", "a number of 0 or more, found \(decay)")
    let smoothing = labelSmoothing ?? 0
    try check(
      (0..<1).contains(smoothing), "label-smoothing", "a number from 0 to below 1, found \(smoothing)")
    try check((0..<1).contains(warmup ?? 0), "warmup", "a number from 0 to below 1, found \(warmup ?? 0)")
    try check((0...1).contains(erasing ?? 0), "erasing", "a number from 0 to 1, found \(erasing ?? 0)")
    let largestShift = Augmentation.largestShift
    try check(
      (0...largestShift).contains(shift ?? 0), "shift", "0 to \(largestShift) pixels, found \(shift ?? 0)")
    if !folder.isResumed { try defence.check(for: nil) }
  }

  func run() throws {
    try compute.prepare()
    let processes = try together.processes()
    let place = try folder.open(
      name: [architecture?.rawValue, defence.defence?.rawValue].compactMap { $0 }.joined(separator: "-"),
      isWritten: processes?.isFirst ?? true)
    let basis =
      folder.isResumed
      ? try ClassifierTrainer.recipe(at: place.statePath)
      : ClassifierRecipe.reference(architecture ?? .dense, defence: defence.adjusted(nil))
    try defence.check(for: basis.defence)
    var recipe = adjusted(basis)
    recipe.lanes = try together.count(stored: basis.lanes, processes)
    guard recipe.lanes == nil || !recipe.architecture.normalizesBatches else {
      throw ValidationError(
        "--lanes: expected 1 and one process for \(recipe.architecture.rawValue), whose batch normalization takes the "
          + "statistics of the whole batch; found \(recipe.lanes ?? 1)")
    }
    if recipe.defence?.method == .ibp, !recipe.architecture.hasTrainingBounds {
      throw ValidationError(
        "--defence: expected another than ibp for \(recipe.architecture.rawValue), found ibp")
    }
    guard recipe.precision != .bfloat16 || recipe.defence?.method != .ibp else {
      throw ValidationError("--precision: expected float32 for ibp, whose bounds must hold, found bfloat16")
    }
    let (all, testImages) = try data.loadBoth()
    let images = training.limited(all)
    guard testImages.shape.dropFirst() == images.shape.dropFirst() else {
      throw FileError.malformed(
        path: data.data ?? images.name,
        expected: "test images of \(images.shape.dropFirst()), as for training",
        found: "\(testImages.shape.dropFirst())")
    }
    let trainer = ClassifierTrainer(
      recipe, on: images, testedOn: testImages, defence: recipe.defence.training, exchange: processes)
    let run = try TrainingRun(trainer, in: place, folder.beginning, processes: processes)
    let isFirst = processes?.isFirst ?? true
    try run.train(until: training.deadline, isShown: isFirst) { [recipe] in
      TrainingReport.line($0, of: recipe.epochs)
    }
    try run.finish(command: .current) {
      try TrainingReport(trainer.history, recipe: recipe).write(to: place.path)
    }
    processes?.finish()
    guard isFirst else { return }
    let accuracy = Text.percent(trainer.history.last?.testAccuracy ?? 0, digits: 2)
    try print("\(place.path)/classifier.safetensors: \(accuracy) of \(testImages.count) test images")
  }

  /// The recipe with the options that were given.
  private func adjusted(_ recipe: ClassifierRecipe) -> ClassifierRecipe {
    var recipe = recipe
    recipe.architecture = architecture ?? recipe.architecture
    recipe.epochs = training.epochs ?? recipe.epochs
    recipe.batchSize = training.batch ?? recipe.batchSize
    recipe.learningRate = learningRate ?? recipe.learningRate
    recipe.schedule = schedule ?? recipe.schedule
    recipe.warmup = warmup ?? recipe.warmup
    recipe.optimizer = optimizer ?? recipe.optimizer
    recipe.weightDecay = weightDecay ?? recipe.weightDecay
    recipe.labelSmoothing = labelSmoothing ?? recipe.labelSmoothing
    recipe.augmentation.shift = shift ?? recipe.augmentation.shift
    recipe.augmentation.mirrors = mirrors ?? recipe.augmentation.mirrors
    recipe.augmentation.erasing = erasing ?? recipe.augmentation.erasing
    recipe.seed = training.seed ?? recipe.seed
    recipe.precision = training.precision.map { $0 == .float32 ? nil : $0 } ?? recipe.precision
    recipe.defence = defence.adjusted(recipe.defence)
    return recipe
  }
}
