import Adversary
import Cluster
import Datasets
import Eval
import Kernels
import Network

/// The curves of one classifier in one region.
struct CurveMeasurement {
  let experiment: AccuracyVsEpsilonExperiment
  let classifier: any ImageClassifier
  /// The classifier's predictions on the images as they are.
  let clean: [Int]
  let surrogate: (any ImageClassifier)?
  /// Of ``images``, where it is a mask.
  let region: FreePixels
  let images: LabeledImages
  let division: Division
  let observer: Observer

  /// One curve an attack, and their worst case where there are several: an image counts as right where it is
  /// right as it is and after each of them.
  func attacked() throws -> [AccuracyCurve] {
    let attacks = experiment.attacks
    let clean = isRight(clean)
    var worst = [[Bool]](repeating: clean, count: experiment.epsilons.count)
    var curves: [AccuracyCurve] = []
    for attack in attacks {
      let right = try predictions(attack).map(isRight)
      for index in worst.indices { worst[index] = zip(worst[index], right[index]).map { $0 && $1 } }
      curves.append(
        curve(
          attack.name, attack.settings, attack.norm?.rawValue ?? attack.name, right, clean,
          craftedOn: surrogate?.name))
    }
    if attacks.count > 1 {
      curves.append(
        curve(
          "worst case", "of \(attacks.map(\.name).joined(separator: ", ")), for each image",
          curves[0].norm, worst, clean, craftedOn: surrogate?.name))
    }
    return curves
  }

  /// The share of images that no disturbance of a size can have taken for something else.
  func certified(by method: CertificationMethod) throws -> AccuracyCurve {
    let measurement = CertificateMeasurement(
      classifier: classifier, images: images, region: region, deviation: experiment.deviation,
      seed: experiment.seed, division: division, observer: observer)
    let right = try measurement.certified(by: method, epsilons: unitEpsilons(method.norm))
    return curve(
      "certified by \(method.rawValue)", measurement.settings(of: method), method.norm.rawValue, right,
      isRight(clean), craftedOn: nil)
  }

  private func unitEpsilons(_ norm: Norm?) -> [Float] {
    experiment.epsilons.map { experiment.pixelRange.unitEpsilon($0, norm) }
  }

  private func isRight(_ predictions: [Int]) -> [Bool] {
    predictions.indices.map { index in
      experiment.target.map { predictions[index] != $0 } ?? (predictions[index] == Int(images.labels[index]))
    }
  }

  private func predictions(_ attack: any Attack) throws -> [[Int]] {
    let sweep = EpsilonSweep(
      attack, region: region, epsilons: unitEpsilons(attack.norm), target: experiment.target,
      key: Key(seed: experiment.seed))
    let label = "\(classifier.name) \(attack.name) \(region.name)"
    let perImage = try division.map(
      label, count: images.count, size: Self.pieceSize(attack),
      missing: [Int](repeating: 0, count: experiment.epsilons.count),
      fits: { $0.count == experiment.epsilons.count }
    ) { range in
      let perEpsilon = try sweep.predictions(
        of: classifier, craftedOn: surrogate, on: images, in: range, clean: clean
      ) { done in
        try observer.progress(
          WorkProgress(label, range.lowerBound + done, of: images.count, unit: "images"))
      }
      return range.map { place in perEpsilon.map { $0[place - range.lowerBound] } }
    }
    return experiment.epsilons.indices.map { index in perImage.map { $0[index] } }
  }

  /// Images in a piece of the work: an attack does the same to an image in whatever company.
  static func pieceSize(_ attack: any Attack) -> Int { min(50, attack.batchSize) }

  private func curve(
    _ name: String, _ settings: String, _ norm: String, _ right: [[Bool]], _ clean: [Bool],
    craftedOn: String?
  ) -> AccuracyCurve {
    let range = experiment.pixelRange
    return AccuracyCurve(
      classifier: classifier.name, weightsSHA256: ClassifierIdentity.sha256(classifier), attack: name,
      settings: settings, norm: norm, region: region.name,
      foregroundThreshold: region.threshold, mask: region.ownMask.map(MaskReference.init),
      pixelRange: [range.low, range.high],
      craftedOn: craftedOn, target: experiment.target.map { images.labelNames[$0] },
      cleanAccuracy: Proportion(right: clean).value,
      points: zip(experiment.epsilons, right).map { .init(epsilon: $0, Proportion(right: $1)) })
  }
}
