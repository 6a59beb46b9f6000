import Adversary
import ArgumentParser
import Classifier
import Datasets
import Eval
import Foundation
import Kernels
import Network

/// `eval accuracy-vs-epsilon`: how fast classifiers lose accuracy as noise grows.
struct AccuracyVsEpsilonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accuracy-vs-epsilon",
    abstract: "Accuracy of classifiers against the size of adversarial noise.",
    discussion: """
      By default both reference classifiers are attacked with FGSM restricted to the foreground (the pixels that \
      are brighter than black), on all test images. With --output, curves of both regions are measured and \
      written as CSV, JSON, SVG and PNG; with --pixel-range -1...1 the source's published points stand beside them.
      """)

  @Option(name: .customLong("classifier"), help: ClassifierArgument.help)
  var classifiers: [String] = ["conv", "dense"]
  @Option(
    name: .customLong("region"),
    help: "Which pixels may change: \(Region.allCases.map(\.rawValue).joined(separator: ", ")). Repeatable.")
  var regions: [Region] = []
  @Option(parsing: .unconditional, help: ArgumentHelp("The sizes of the noise.", valueName: "e,e,…"))
  var epsilons = EpsilonList(PublishedCurve.epsilons)
  @OptionGroup var attack: AttackOptions
  @OptionGroup var images: TestImageOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    for epsilon in epsilons.values { try attack.check(epsilon, option: "--epsilons") }
  }

  func run() throws {
    try compute.prepare()
    try output.prepare()
    let start = ContinuousClock.now
    let images = try images.load()
    let loaded = try classifiers.map { try ClassifierArgument.load($0, for: images) }
    let selected = try attack.selected()
    Interruption.watch()
    let regions =
      !regions.isEmpty ? regions : output.output == nil ? [.foreground] : [.foreground, .everywhere]
    var curves: [AccuracyCurve] = []
    for classifier in loaded {
      for region in regions {
        curves.append(try curve(of: classifier, selected, region, on: images))
      }
    }
    let report = AccuracyReport(
      AccuracyVsEpsilon(
        dataset: DatasetReference(
          name: images.name, split: images.split.rawValue, count: images.count, sha256: images.sha256),
        curves: curves),
      range: attack.pixelRange, caveat: selected.caveat)
    if let folder = output.output {
      try report.write(to: folder)
      try RunManifest(dataset: images.sha256, seconds: (ContinuousClock.now - start) / .seconds(1))
        .write(to: folder)
    }
    switch output.format {
    case .table: print(report.table(color: Console.hasColor))
    case .json: print(try JSON.text(report.result))
    case .csv: print(report.csv, terminator: "")
    }
  }

  private func curve(
    of classifier: NeuralClassifier, _ selected: any SignAttack, _ region: Region,
    on images: LabeledImages
  ) throws -> AccuracyCurve {
    let range = attack.pixelRange
    let sweep = EpsilonSweep(
      selected, region: region, epsilons: epsilons.values.map(range.unitEpsilon), key: Key(seed: attack.seed))
    var bar = ProgressBar(
      "\(classifier.name) \(selected.name) \(region.rawValue)", total: images.count, unit: "images")
    defer { bar.finish() }
    let predictions = try sweep.predictions(of: classifier, on: images) { done in
      guard !Interruption.isRequested else { throw Interrupted(saved: "nothing was written") }
      bar.show(done)
    }
    let points = zip(epsilons.values, predictions).map { epsilon, labels in
      AccuracyCurve.Point(
        epsilon: epsilon,
        Proportion(correct: zip(labels, images.labels).count { $0 == Int($1) }, count: images.count))
    }
    let clean = points.first { $0.epsilon == 0 }?.accuracy
    return AccuracyCurve(
      classifier: classifier.name, weightsSHA256: classifier.weightsSHA256, attack: selected.name,
      norm: "linf",
      region: region.rawValue, pixelRange: [range.low, range.high],
      cleanAccuracy: clean ?? Double(classifier.correctCount(on: images)) / Double(images.count),
      points: points)
  }
}
