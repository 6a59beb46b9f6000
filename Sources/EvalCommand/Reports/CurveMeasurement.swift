import Adversary
import Classifier
import Datasets
import Eval
import Kernels
import Network

/// The curves of one classifier in one region.
struct CurveMeasurement {
  private let classifier: NeuralClassifier
  private let surrogate: NeuralClassifier?
  private let region: Region
  private let epsilons: [Double]
  private let target: Int?
  private let options: AttackOptions
  private let images: LabeledImages
  private let clean: [Int]

  /// - Parameter clean: the classifier's predictions on the images as they are.
  init(
    _ classifier: NeuralClassifier, clean: [Int], surrogate: NeuralClassifier?, region: Region,
    epsilons: [Double],
    target: Int?,
    options: AttackOptions, images: LabeledImages
  ) {
    (self.classifier, self.clean, self.surrogate, self.region) = (classifier, clean, surrogate, region)
    (self.epsilons, self.target, self.options, self.images) = (epsilons, target, options, images)
  }

  /// One curve an attack, and their worst case where there are several: an image counts as right where it is right as it is and
  /// after each of them.
  func curves(_ attacks: [any Attack]) throws -> [AccuracyCurve] {
    let clean = isRight(clean)
    var worst = [[Bool]](repeating: clean, count: epsilons.count)
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
  func certified(by method: CertificationMethod, deviation: Float) throws -> AccuracyCurve {
    let measurement = CertificateMeasurement(
      classifier: classifier, images: images, region: region, deviation: deviation, seed: options.seed)
    let right = try measurement.certified(
      by: method, epsilons: epsilons.map { options.unitEpsilon($0, method.norm) })
    return curve(
      "certified by \(method.rawValue)", measurement.settings(of: method), method.norm.rawValue, right,
      isRight(clean), craftedOn: nil)
  }

  private func isRight(_ predictions: [Int]) -> [Bool] {
    predictions.indices.map { index in
      target.map { predictions[index] != $0 } ?? (predictions[index] == Int(images.labels[index]))
    }
  }

  private func predictions(_ attack: any Attack) throws -> [[Int]] {
    let sweep = EpsilonSweep(
      attack, region: region, epsilons: epsilons.map { options.unitEpsilon($0, attack.norm) }, target: target,
      key: Key(seed: options.seed))
    var bar = ProgressBar(
      "\(classifier.name) \(attack.name) \(region.rawValue)", total: images.count, unit: "images")
    defer { bar.finish() }
    return sweep.predictions(of: classifier, craftedOn: surrogate, on: images) { done in
      bar.show(done)
    }
  }

  private func curve(
    _ name: String, _ settings: String, _ norm: String, _ right: [[Bool]], _ clean: [Bool],
    craftedOn: String?
  ) -> AccuracyCurve {
    let range = options.pixelRange
    return AccuracyCurve(
      classifier: classifier.name, weightsSHA256: classifier.weightsSHA256, attack: name, settings: settings,
      norm: norm, region: region.rawValue, pixelRange: [range.low, range.high], craftedOn: craftedOn,
      target: target.map { images.labelNames[$0] }, cleanAccuracy: Proportion(right: clean).value,
      points: zip(epsilons, right).map { .init(epsilon: $0, Proportion(right: $1)) })
  }
}
