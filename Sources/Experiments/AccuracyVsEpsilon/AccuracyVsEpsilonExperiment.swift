import Adversary
import Cluster
import Datasets
import Eval
import Files
import Network

/// How fast classifiers lose accuracy as noise grows: one curve a classifier, region and attack.
public struct AccuracyVsEpsilonExperiment {
  /// Attacks of one norm; several are followed by their worst case for each image.
  public var attacks: [any Attack]
  /// Proofs whose ε measures the same as the attacks'; `CertificationMethod.ibp` wants a
  /// `BoundedClassifier`.
  public var methods: [CertificationMethod] = []
  /// The pixels that the disturbances may change; each region gives curves of its own. A mask is of the
  /// images that ``run(_:craftedOn:on:observer:)`` is given.
  public var regions: [FreePixels] = [.foreground]
  /// In units of ``pixelRange``; of L0 pixels, of motions shares of the largest.
  public var epsilons: [Double]
  /// The range that ε counts in. Attacks and classifiers themselves work in [0, 1].
  public var pixelRange = PixelRange.unit
  /// The label that images shall be taken for; those that have it are left out, and an image counts as right
  /// where it is not.
  public var target: Int?
  /// σ of randomized smoothing, in units of the pixel range [0, 1].
  public var deviation: Float = 0.25
  /// Of everything random.
  public var seed: UInt64 = 0

  /// An experiment with these attacks, in the foreground alone; the other settings are properties.
  ///
  /// - Parameters:
  ///   - attacks: one at least, all of one norm.
  ///   - epsilons: a grid where it is nil.
  ///   - pixelRange: what ε counts in.
  public init(attacks: [any Attack] = [FGSM()], epsilons: [Double]? = nil, pixelRange: PixelRange = .unit) {
    self.attacks = attacks
    self.pixelRange = pixelRange
    self.epsilons =
      epsilons ?? Self.grid(attacks.first?.norm ?? .linf, pixelRange: pixelRange, shape: nil)
  }

  /// Sizes that show a whole curve, as far as they reach in images of `shape` `[H, W, C]`, in units of the
  /// pixel range.
  public static func grid(_ norm: Norm?, pixelRange: PixelRange, shape: [Int]?) -> [Double] {
    let limit = pixelRange.largestEpsilon(norm, shape: shape) ?? .infinity
    let grid: [Double] =
      switch norm {
      // The published curve's sizes count in its own range.
      case .linf:
        PublishedCurve.epsilons.map { $0 * (pixelRange == .published ? 1 : pixelRange.width) }
      case .l2: [0, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5].map { $0 * pixelRange.width }
      case .l0: [0, 1, 2, 5, 10, 20, 50, 100]
      case nil: [0, 0.25, 0.5, 0.75, 1]
      }
    return grid.filter { $0 <= limit }
  }

  /// Attacks the classifiers one after the other.
  ///
  /// - Parameters:
  ///   - classifiers: those attacked, each of them on all images.
  ///   - surrogate: the classifier that the attacks are made on, where it is not the one attacked.
  ///   - all: clean images with their true labels; those that have the target are left out.
  ///   - division: who attacks which images.
  ///   - observer: told of each attack's images, and of classifiers without gradients.
  /// - Throws: `FileError.malformed(path:expected:found:)` for a classifier whose logits are no finite
  ///   numbers; what the observer throws; of a part of the work, `Cluster/PartDone`.
  /// - Precondition: there is an attack, all of one norm, and an image whose label is not the target; masks
  ///   are of the images' number and size.
  public func run(
    _ classifiers: [any ImageClassifier], craftedOn surrogate: (any ImageClassifier)? = nil,
    on all: LabeledImages, division: Division = .alone, observer: Observer = Observer()
  ) throws -> AccuracyVsEpsilonOutcome {
    precondition(
      !attacks.isEmpty && attacks.allSatisfy { $0.norm == attacks[0].norm },
      "AccuracyVsEpsilonExperiment: attacks \(attacks.map(\.name)) of different norms")
    precondition(
      regions.allSatisfy { $0.fits(all.shape) },
      "AccuracyVsEpsilonExperiment: masks \(regions.compactMap(\.ownMask?.shape)) for images \(all.shape)")
    let kept = target.map { label in all.labels.indices.filter { Int(all.labels[$0]) != label } }
    let images = kept.map(all.at) ?? all
    // A mask follows its image.
    let keptRegions = kept.map { kept in regions.map { $0.at(kept) } } ?? regions
    precondition(images.count > 0, "AccuracyVsEpsilonExperiment: no image")
    try division.begin(
      inputs: images.inputs(classifiers + [surrogate].compactMap { $0 }, regions), items: images.count,
      unit: "images")
    let clean = try classifiers.map { try $0.checkedPredictions(on: images) }
    _ = try surrogate?.checkedPredictions(on: images)
    let warnings = (surrogate.map { [$0] } ?? classifiers).compactMap { GradientWarning.text($0, on: images) }
    warnings.forEach(observer.warning)
    var curves: [AccuracyCurve] = []
    for (classifier, clean) in zip(classifiers, clean) {
      for region in keptRegions {
        let measurement = CurveMeasurement(
          experiment: self, classifier: classifier, clean: clean, surrogate: surrogate, region: region,
          images: images, division: division, observer: observer)
        curves += try measurement.attacked()
        curves += try methods.map(measurement.certified)
      }
    }
    try division.endPart()
    let result = AccuracyVsEpsilon(dataset: DatasetReference(images), curves: curves)
    try JSON.check(result)
    return AccuracyVsEpsilonOutcome(
      result: result, pixelRange: pixelRange, attacks: attacks, leftOut: all.count - images.count,
      warnings: warnings)
  }
}

/// Curves with what a reader has to know beside them.
public struct AccuracyVsEpsilonOutcome {
  /// What is written to files: a curve for each classifier, region, and attack or proof.
  public let result: AccuracyVsEpsilon
  /// What ε counts in.
  public let pixelRange: PixelRange
  /// Those of the experiment, in its order.
  public let attacks: [any Attack]
  /// How many images had the target's label.
  public let leftOut: Int
  /// Sentences that belong below the numbers.
  public let warnings: [String]
}
