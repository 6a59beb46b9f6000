import Adversary
import Datasets
import Eval
import Files
import Kernels
import Network

/// Which labels a classifier takes for which, clean or under attack.
public struct ConfusionExperiment {
  /// What disturbs the images before they are classified, where ``epsilon`` is not 0.
  public var attack: any Attack
  /// The pixels that the attack may change; a mask is of the images that ``run(_:on:observer:)`` is given.
  public var region: FreePixels
  /// In units of ``pixelRange``; 0 for clean images.
  public var epsilon: Double
  /// The range that ε counts in. The attack itself works in [0, 1].
  public var pixelRange: PixelRange
  /// Of the attack.
  public var seed: UInt64
  /// Labels to be joined, as indices; see `Eval/ConfusionMatrix/merging(_:)`.
  public var groups: [[Int]]
  /// Of the predictions on clean images; attacks are always float32.
  public var precision = ComputePrecision.float32

  /// An experiment on clean images, or with an `epsilon` above 0 on attacked ones.
  public init(
    attack: any Attack = FGSM(), region: FreePixels = .foreground, epsilon: Double = 0,
    pixelRange: PixelRange = .unit, seed: UInt64 = 0, groups: [[Int]] = []
  ) {
    self.attack = attack
    self.region = region
    self.epsilon = epsilon
    self.pixelRange = pixelRange
    self.seed = seed
    self.groups = groups
  }

  /// Classifies the images, after the attack where there is one, and counts which label each was given.
  ///
  /// - Throws: `FileError.malformed(path:expected:found:)` for a classifier whose logits are no finite
  ///   numbers; what the observer throws.
  public func run(
    _ classifier: any ImageClassifier, on images: LabeledImages, observer: Observer = Observer()
  ) throws -> ConfusionOutcome {
    let clean = try precision { () throws(FileError) in try classifier.checkedPredictions(on: images) }
    var predictions = clean
    if epsilon > 0 {
      if let warning = GradientWarning.text(classifier, on: images) { observer.warning(warning) }
      predictions = try sweep(region).predictions(of: classifier, on: images, clean: clean) { done in
        try observer.progress(WorkProgress(classifier.name, done, of: images.count, unit: "images"))
      }[0]
    }
    let matrix = ConfusionMatrix(
      labels: images.labelNames, trueLabels: images.labels.map(Int.init), predictions: predictions
    ).merging(groups)
    let result = ConfusionResult(
      matrix, classifier: classifier.name, weightsSHA256: ClassifierIdentity.sha256(classifier),
      noise: epsilon == 0
        ? nil
        : "\(attack.name), \(region.title), ε \(Text.short(epsilon)) (\(pixelRange.unit(attack.norm)))",
      precision: precision == .float32 ? nil : precision.rawValue,
      foregroundThreshold: epsilon > 0 ? region.threshold : nil,
      mask: epsilon > 0 ? region.ownMask.map(MaskReference.init) : nil)
    try JSON.check(result)
    return ConfusionOutcome(
      result: result, matrix: matrix,
      cells: ConfusionCells(images, predictions: predictions, matrix: matrix, groups: groups, of: result))
  }

  /// The first of the images as the matrix counts them, with what the classifier makes of them.
  public func examples(_ classifier: any ImageClassifier, on images: LabeledImages) -> AttackExamples {
    precision {
      AttackExamples(
        classifier, sweep(region.prefix(images.count)), on: images, epsilon: epsilon, pixelRange: pixelRange)
    }
  }

  private func sweep(_ region: FreePixels) -> EpsilonSweep {
    EpsilonSweep(
      attack, region: region, epsilons: [pixelRange.unitEpsilon(epsilon, attack.norm)], key: Key(seed: seed))
  }
}

/// A confusion matrix, and what is stored of it.
public struct ConfusionOutcome: Sendable {
  /// What is written to files.
  public let result: ConfusionResult
  /// The counts with the joined labels as one, for what else is asked of them.
  public let matrix: ConfusionMatrix
  /// Some of the images of each cell.
  public let cells: ConfusionCells
}
