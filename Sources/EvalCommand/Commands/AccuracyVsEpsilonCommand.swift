import Adversary
import ArgumentParser
import Cluster
import Datasets
import Eval
import Experiments
import Files
import Network
import Reports

/// `eval accuracy-vs-epsilon`: how fast classifiers lose accuracy as noise grows.
struct AccuracyVsEpsilonCommand: DividedCommand {
  static let configuration = CommandConfiguration(
    commandName: "accuracy-vs-epsilon",
    abstract: "Accuracy of classifiers against the size of adversarial noise.",
    discussion: """
      By default both reference classifiers are attacked with FGSM restricted to the foreground (the pixels that \
      are brighter than black), on all test images. With --output, curves of both regions are measured and \
      written as CSV, JSON, SVG and PNG; with --pixel-range -1...1 the source's published points stand beside them. \
      Several attacks of one norm are followed by their worst case for each image. Minimum-norm attacks run once for \
      all sizes; the others run for each size, so slow ones want --limit and few --epsilons.
      """)

  @Option(name: .customLong("classifier"), help: ClassifierArgument.help)
  var classifiers: [String] = ["conv", "dense"]
  @Option(name: .customLong("attack"), help: "The attack: \(AttackOptions.names). Repeatable.")
  var attackNames: [String] = [FGSM().name]
  @Option(
    name: .customLong("region"),
    help:
      "Which pixels may change: \(AttackRegion.allCases.map(\.rawValue).joined(separator: ", ")). Repeatable."
  )
  var regions: [AttackRegion] = []
  @OptionGroup var masks: MaskOptions
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The sizes of the noise: lengths for L∞ and L2, numbers of pixels for L0, shares of the largest motion for spatial. "
        + "Fractions such as 8/255 too. (default: a grid for each norm)", valueName: "e,e,…"),
    transform: EpsilonList.parse)
  var epsilons: EpsilonList?
  @Option(
    help: ArgumentHelp(
      "Make the attack on this classifier and try its images on the others.", valueName: "classifier"))
  var craftOn: String?
  @Option(
    help: ArgumentHelp(
      "The label that images shall be taken for; those that have it are left out, and an image counts as right where it "
        + "is not.", valueName: "label"))
  var target: String?
  @OptionGroup var certification: CertificationOptions
  @OptionGroup(title: "Options for classifiers from elsewhere") var foreign: ForeignOptions
  @OptionGroup var attack: AttackOptions
  @OptionGroup var images: TestImageOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var sharding: ShardOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    let attacks = try attacks()
    for other in attacks.dropFirst() where other.norm != attacks[0].norm {
      throw ValidationError(
        "--attack: expected attacks whose ε measures the same, found \(attacks[0].name) and \(other.name)")
    }
    if target != nil, let other = attacks.first(where: { !$0.isTargetable }) {
      throw ValidationError("--target: expected attacks that can aim at a label, found \(other.name)")
    }
    for epsilon in sizes(attacks[0].norm, shape: nil) {
      try attack.check(epsilon, attacks[0].norm, option: "--epsilons")
    }
    try masks.check(beside: regions)
    try certification.check(attack.pixelRange)
    for method in certification.methods where method.norm != attacks[0].norm {
      throw ValidationError(
        "--certify: expected a proof and attacks whose ε measures the same, found \(method.rawValue) and "
          + attacks[0].name)
    }
    if !certification.methods.isEmpty, target != nil {
      throw ValidationError("--certify: expected no --target beside it, found \(target ?? "")")
    }
  }

  private func attacks() throws -> [any Attack] { try attackNames.map(AttackOptions.named) }

  /// The sizes asked for, or a grid as far as it reaches in images of `shape`.
  private func sizes(_ norm: Norm?, shape: [Int]?) -> [Double] {
    epsilons?.values
      ?? AccuracyVsEpsilonExperiment.grid(norm, pixelRange: attack.pixelRange, shape: shape)
  }

  var partsFolder: String? { output.output }

  func run(_ division: Division) throws {
    try compute.prepare()
    try output.prepare()
    let start = ContinuousClock.now
    let attacks = try attacks()
    let all = try images.load()
    let shape = Array(all.shape.dropFirst())
    let sizes = sizes(attacks[0].norm, shape: shape)
    for epsilon in sizes { try attack.check(epsilon, attacks[0].norm, shape: shape, option: "--epsilons") }
    for other in attacks where other.leastLabels > all.labelNames.count {
      throw ValidationError(
        "--attack: \(other.name) needs \(other.leastLabels) labels or more, found \(all.labelNames.count)")
    }
    let aim = try target.map { try LabelArgument.index($0, in: all.labelNames, option: "--target") }
    guard aim.map({ aim in all.labels.contains { Int($0) != aim } }) ?? true else {
      throw ValidationError("--target: expected images of other labels, found none")
    }
    let observer = Console.observer()
    let named =
      !regions.isEmpty ? regions : output.output == nil ? [.foreground] : [.foreground, .everywhere]
    let free = try masks.pixels(
      of: named, in: all, isLimited: images.limit != nil, observer: observer)
    let reading = try foreign.reading()
    let loaded = try classifiers.map {
      try ClassifierSource.load($0, for: all, reading: reading, observer: observer)
    }
    let surrogate = try craftOn.map {
      try ClassifierSource.load($0, for: all, reading: reading, observer: observer)
    }
    var experiment = AccuracyVsEpsilonExperiment(
      attacks: attacks, epsilons: sizes, pixelRange: attack.pixelRange)
    experiment.methods = certification.methods
    experiment.regions = free
    (experiment.target, experiment.seed) = (aim, attack.seed)
    experiment.deviation = certification.unitDeviation(attack.pixelRange)
    let outcome = try experiment.run(
      loaded, craftedOn: surrogate, on: all, division: division, observer: observer)
    let report = AccuracyReport(outcome)
    if let folder = output.output {
      try report.write(to: folder)
      try RunManifest(
        dataset: outcome.result.dataset.sha256, seconds: (ContinuousClock.now - start) / .seconds(1)
      ).write(to: folder)
    }
    try output.format.print(report)
  }
}
