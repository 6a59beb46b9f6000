import Adversary
import ArgumentParser
import Datasets
import Eval
import Experiments
import Files
import Kernels
import Network
import Reports

/// `eval confusion-matrix`: which labels a classifier takes for which.
struct ConfusionMatrixCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confusion-matrix",
    abstract: "Which labels a classifier confuses, clean or under attack.",
    discussion: """
      --merge joins labels and scores the classifier anew, as if they were one. With --epsilon the images are \
      attacked first. --examples draws images with their predictions into --output.
      """)

  @Option(name: .customLong("classifier"), help: ClassifierArgument.singleHelp)
  var classifiers = ["conv"]
  @Option(
    help: ArgumentHelp("Join labels, such as \"T-shirt/top+Shirt\". Repeatable.", valueName: "label+label"))
  var merge: [String] = []
  @Option(
    parsing: .unconditional, help: "Attack the images with noise of this size first.",
    transform: EpsilonArgument.double)
  var epsilon: Double = 0
  @Option(
    name: .customLong("region"),
    help: ArgumentHelp(
      "Which pixels the attack may change: \(AttackRegion.allCases.map(\.rawValue).joined(separator: ", ")); "
        + "foreground by default."))
  var regions: [AttackRegion] = []
  @OptionGroup var masks: MaskOptions
  @Option(name: .customLong("attack"), help: "The attack: \(AttackOptions.names).")
  var attackNames = [FGSM().name]
  @OptionGroup var attack: AttackOptions
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Draw this many images with their predictions.", valueName: "count"))
  var examples: Int = 0
  @OptionGroup var images: TestImageOptions
  @OptionGroup var inference: PrecisionOptions
  @OptionGroup(title: "Options for classifiers from elsewhere") var foreign: ForeignOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    // Lists, for a second one would replace the first without a word, and other commands take several.
    let region = (regions.isEmpty ? [.foreground] : regions).map(\.rawValue)
    for (option, values) in [
      ("classifier", classifiers), ("attack", attackNames), ("region", region),
    ] where values.count != 1 {
      throw ValidationError("--\(option): expected one, found \(values.joined(separator: ", "))")
    }
    try masks.check(beside: regions)
    try attack.check(epsilon, AttackOptions.named(attackNames[0]).norm, option: "--epsilon")
    guard inference.precision == .float32 || epsilon == 0 else {
      throw ValidationError(
        "--precision: expected float32 with --epsilon, for attacks need exact gradients; found bfloat16")
    }
    guard (0...100).contains(examples) else {
      throw ValidationError("--examples: expected 0 to 100, found \(examples)")
    }
    guard examples == 0 || output.output != nil else {
      throw ValidationError("--examples: expected --output with the folder for the pictures")
    }
  }

  func run() throws {
    try compute.prepare()
    try output.prepare()
    let start = ContinuousClock.now
    let images = try images.load()
    let groups: [[Int]]
    do {
      groups = try ConfusionMatrix.mergeGroups(merge, labels: images.labelNames)
    } catch {
      throw ValidationError("--merge: \(error)")
    }
    let observer = Console.observer()
    let free = try masks.pixels(
      of: [regions.first ?? .foreground], in: images, isLimited: self.images.limit != nil,
      observer: observer)
    let loaded = try ClassifierSource.load(
      classifiers[0], for: images, reading: foreign.reading(), observer: observer)
    let selected = try AttackOptions.named(attackNames[0])
    try attack.check(epsilon, selected.norm, shape: Array(images.shape.dropFirst()), option: "--epsilon")
    var experiment = ConfusionExperiment(
      attack: selected, region: free[0], epsilon: epsilon, pixelRange: attack.pixelRange,
      seed: attack.seed, groups: groups)
    experiment.precision = inference.precision
    let outcome = try experiment.run(loaded, on: images, observer: observer)
    let report = ConfusionReport(outcome)
    if let folder = output.output {
      try report.write(to: folder)
      try ConfusionCellsReport(outcome.cells).write(of: images, to: folder)
      if examples > 0 {
        try ExampleSheet(experiment.examples(loaded, on: images.prefix(examples))).write(to: folder)
      }
      try RunManifest(dataset: images.sha256, seconds: (ContinuousClock.now - start) / .seconds(1))
        .write(to: folder)
    }
    try output.format.print(report)
  }
}
