import Adversary
import ArgumentParser
import Classifier
import Cluster
import Datasets
import Experiments
import Files
import Network
import Reports

/// `eval robustness`: what is left of a classifier under attack, and whether the number can be believed.
struct RobustnessCommand: DividedCommand {
  static let configuration = CommandConfiguration(
    commandName: "robustness",
    abstract: "Attack classifiers in eight ways, and say whether the result can be trusted.",
    discussion: """
      Each classifier is attacked at one ε, everywhere and in the foreground (or where --mask says): with noise, one gradient step (FGSM), PGD, images \
      made on other classifiers, a search without gradients (Square) and AutoAttack; everywhere also with a search that sees labels \
      only (HopSkipJump), and small rotations and shifts. An image counts as robust where it withstands all attacks of L∞, which \
      are all but the last. 25 checks then say whether the attacks were strong enough and the harness exact; a classifier that only \
      FGSM finds robust is called a false win. AutoAttack, the searches without gradients, the motions and the images made on \
      others (those given, and the reference classifiers) take only the first --slow-limit images.
      """)

  @Option(name: .customLong("classifier"), help: ClassifierArgument.help)
  var classifiers: [String] = ["conv"]
  @Option(
    parsing: .unconditional, help: "The size of the attacks (L∞); else a tenth of the pixel range.",
    transform: EpsilonArgument.double)
  var epsilon: Double?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Images for the slow attacks.", valueName: "count"))
  var slowLimit: Int = 1000
  @Flag(help: "Also damage the images by every corruption of the catalogue, at each of its severities.")
  var corruptions = false
  @OptionGroup var masks: MaskOptions
  @OptionGroup var certification: CertificationOptions
  @OptionGroup(title: "Options for classifiers from elsewhere") var foreign: ForeignOptions
  @OptionGroup var attack: AttackOptions
  @OptionGroup var images: TestImageOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var sharding: ShardOptions
  @OptionGroup var compute: ComputeOptions

  private var size: Double { epsilon ?? 0.1 * attack.pixelRange.width }

  func validate() throws {
    let epsilon = size
    try attack.check(epsilon, .linf, option: "--epsilon")
    guard attack.pixelRange.unitEpsilon(epsilon, .linf) > 0 else {
      throw ValidationError("--epsilon: expected a number above 0, found \(epsilon)")
    }
    guard slowLimit >= 1 else {
      throw ValidationError("--slow-limit: expected 1 or more, found \(slowLimit)")
    }
    try certification.check(attack.pixelRange)
    let names = classifiers.map(ClassifierSource.name)
    if let twice = names.indices.first(where: { names.firstIndex(of: names[$0]) != $0 }) {
      throw ValidationError("--classifier: expected files of different names, found \(names[twice]) twice")
    }
  }

  var partsFolder: String? { output.output }

  func run(_ division: Division) throws {
    try compute.prepare()
    try output.prepare()
    let start = ContinuousClock.now
    let images = try images.load()
    if corruptions { try CorruptionExport.check(images, path: self.images.data.data ?? images.name) }
    let observer = Console.observer()
    let free = try masks.pixels(
      of: [.foreground], in: images, isLimited: self.images.limit != nil, observer: observer)
    let reading = try foreign.reading()
    let loaded = try classifiers.map {
      try ClassifierSource.load($0, for: images, reading: reading, observer: observer)
    }
    var experiment = RobustnessExperiment(epsilon: size, pixelRange: attack.pixelRange)
    (experiment.slowLimit, experiment.seed, experiment.corrupts) = (slowLimit, attack.seed, corruptions)
    experiment.region = free[0]
    experiment.methods = certification.methods
    experiment.deviation = certification.unitDeviation(attack.pixelRange)
    experiment.references = try ClassifierSource.references(for: images)
    let outcome = try experiment.run(loaded, on: images, division: division, observer: observer)
    let report = RobustnessReport(outcome)
    if let folder = output.output {
      try report.write(to: folder)
      for classifier in loaded {
        try ExampleSheet(experiment.examples(classifier, on: images.prefix(6)))
          .write(to: folder, name: "examples-\(classifier.name)")
      }
      try RunManifest(dataset: images.sha256, seconds: (ContinuousClock.now - start) / .seconds(1))
        .write(to: folder)
    }
    try output.format.print(report)
  }
}
