import Adversary
import ArgumentParser
import Classifier
import Datasets
import Eval
import Files
import Foundation
import Network

/// `eval accuracy-vs-epsilon`: how fast classifiers lose accuracy as noise grows.
struct AccuracyVsEpsilonCommand: ParsableCommand {
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
    help: "Which pixels may change: \(Region.allCases.map(\.rawValue).joined(separator: ", ")). Repeatable.")
  var regions: [Region] = []
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
  @OptionGroup var attack: AttackOptions
  @OptionGroup var images: TestImageOptions
  @OptionGroup var output: OutputOptions
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
    if let epsilons { return epsilons.values }
    let (range, limit) = (attack.pixelRange, attack.limit(norm, shape: shape).epsilon ?? .infinity)
    let grid: [Double] =
      switch norm {
      // The published curve's sizes count in its own range.
      case .linf: PublishedCurve.epsilons.map { $0 * (range == .published ? 1 : range.width) }
      case .l2: [0, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5].map { $0 * range.width }
      case .l0: [0, 1, 2, 5, 10, 20, 50, 100]
      case nil: [0, 0.25, 0.5, 0.75, 1]
      }
    return grid.filter { $0 <= limit }
  }

  func run() throws {
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
    let images =
      aim.map { label in all.at(all.labels.indices.filter { Int(all.labels[$0]) != label }) } ?? all
    guard images.count > 0 else {
      throw ValidationError("--target: expected images of other labels, found none")
    }
    let loaded = try classifiers.map { try ClassifierArgument.load($0, for: images) }
    let surrogate = try craftOn.map { try ClassifierArgument.load($0, for: images) }
    let clean = try loaded.map { classifier in try classifier.checkedPredictions(on: images) }
    _ = try surrogate?.checkedPredictions(on: images)
    let warnings = (surrogate.map { [$0] } ?? loaded).compactMap { GradientWarning.text($0, on: images) }
    GradientWarning.show(warnings)
    let regions =
      !regions.isEmpty ? regions : output.output == nil ? [.foreground] : [.foreground, .everywhere]
    var curves: [AccuracyCurve] = []
    for (classifier, clean) in zip(loaded, clean) {
      for region in regions {
        let measurement = CurveMeasurement(
          classifier, clean: clean, surrogate: surrogate, region: region, epsilons: sizes, target: aim,
          options: attack, images: images)
        curves += try measurement.curves(attacks)
        curves += try certification.methods.map {
          try measurement.certified(by: $0, deviation: certification.unitDeviation(attack.pixelRange))
        }
      }
    }
    let report = AccuracyReport(
      AccuracyVsEpsilon(
        dataset: DatasetReference(
          name: images.name, split: images.split.rawValue, count: images.count, sha256: images.sha256),
        curves: curves),
      range: attack.pixelRange, attacks: attacks,
      leftOut: all.count - images.count, warnings: warnings)
    try JSON.check(report.result)
    if let folder = output.output {
      try report.write(to: folder)
      try RunManifest(dataset: images.sha256, seconds: (ContinuousClock.now - start) / .seconds(1))
        .write(to: folder)
    }
    switch output.format {
    case .table: try print(report.table(color: Console.hasColor))
    case .json: try print(JSON.text(report.result))
    case .csv: try print(report.csv, terminator: "")
    }
  }
}
