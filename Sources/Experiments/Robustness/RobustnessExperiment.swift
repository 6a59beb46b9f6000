import Adversary
import Classifier
import Cluster
import Corruptions
import Datasets
import Eval
import Files
import Kernels
import Network

/// What is left of classifiers under attack, and whether the number can be believed.
public struct RobustnessExperiment {
  /// The size of the attacks (L∞), in units of ``pixelRange``.
  public var epsilon: Double
  /// The range that ε counts in. Attacks and classifiers themselves work in [0, 1].
  public var pixelRange: PixelRange
  /// Images for the slow attacks, and for those made on other classifiers.
  public var slowLimit = 1000
  /// The pixels that attacks are restricted to after they were tried everywhere; a mask is of the images that
  /// ``run(_:on:observer:)`` is given.
  public var region = FreePixels.foreground
  /// Of everything random.
  public var seed: UInt64 = 0
  /// Whether the images are also damaged by every corruption of the catalogue; see
  /// ``CorruptionExport/check(_:path:)``.
  public var corrupts = false
  /// `CertificationMethod.ibp` wants a `BoundedClassifier`.
  public var methods: [CertificationMethod] = []
  /// σ of randomized smoothing, in units of the pixel range [0, 1].
  public var deviation: Float = 0.25
  /// Classifiers known to be undefended, of these images and labels: the control, and the source of images
  /// for transfer.
  public var references: [NeuralClassifier] = []

  /// An experiment at one ε; the other settings are properties.
  ///
  /// - Parameters:
  ///   - epsilon: in units of `pixelRange`; a tenth of its width where it is nil.
  ///   - pixelRange: what ε counts in.
  public init(epsilon: Double? = nil, pixelRange: PixelRange = .unit) {
    self.pixelRange = pixelRange
    self.epsilon = epsilon ?? 0.1 * pixelRange.width
  }

  /// Evaluates the classifiers one after the other; images made on each are tried on the others.
  ///
  /// - Parameters:
  ///   - classifiers: of the images' size and labels, with different names.
  ///   - images: clean ones with their true labels.
  ///   - division: who attacks which images.
  ///   - observer: told of each attack's images.
  /// - Throws: `FileError.malformed(path:expected:found:)` for a classifier whose logits are no finite
  ///   numbers; what the observer throws; of a part of the work, `Cluster/PartDone`.
  /// - Precondition: ``region`` is not everywhere; a mask is of the images' number and size.
  public func run(
    _ classifiers: [any ImageClassifier], on images: LabeledImages, division: Division = .alone,
    observer: Observer = Observer()
  ) throws -> RobustnessOutcome {
    precondition(
      region != .everywhere && region.fits(images.shape),
      "RobustnessExperiment: the region \(region.name), masks \(region.ownMask?.shape ?? []) for images "
        + "\(images.shape)")
    try division.begin(
      inputs: images.inputs(classifiers + references, [region]), items: images.count, unit: "images")
    let evaluations = try classifiers.map { classifier in
      RobustnessEvaluation(
        experiment: self,
        run: RobustnessRun(
          classifier: classifier, images: images, predictions: try classifier.checkedPredictions(on: images),
          seed: seed, division: division, observer: observer))
    }
    let measured = try evaluations.map { try $0.measured(others: classifiers) }
    try division.endPart()
    let results = try zip(evaluations, measured).map { try $0.result($1) }
    let result = RobustnessResult(
      dataset: DatasetReference(images), epsilon: epsilon, pixelRange: [pixelRange.low, pixelRange.high],
      seed: seed, foregroundThreshold: region.threshold, mask: region.ownMask.map(MaskReference.init),
      classifiers: results.map { .init($0, width: pixelRange.width) },
      comparisons: RobustnessResult.comparisons(results))
    try JSON.check(result)
    return RobustnessOutcome(result: result, classifiers: results, pixelRange: pixelRange)
  }

  /// The first of the images before and after PGD, everywhere or within a mask of one's own.
  public func examples(_ classifier: any ImageClassifier, on images: LabeledImages) -> AttackExamples {
    let epsilon = unitEpsilon
    let sweep = EpsilonSweep(
      RobustnessRun.pgd, region: region.ownMask == nil ? .everywhere : region.prefix(images.count),
      epsilons: [epsilon], key: .init(seed: seed))
    return AttackExamples(
      classifier, sweep, on: images, epsilon: Double(epsilon) * pixelRange.width, pixelRange: pixelRange)
  }

  /// In units of the pixel range [0, 1].
  var unitEpsilon: Float { pixelRange.unitEpsilon(epsilon, .linf) }
}

/// The report of robustness, and what it was made of.
public struct RobustnessOutcome: Sendable {
  /// What is written to files.
  public let result: RobustnessResult
  /// Image by image.
  public let classifiers: [ClassifierRobustness]
  /// What ε counts in.
  public let pixelRange: PixelRange
}
