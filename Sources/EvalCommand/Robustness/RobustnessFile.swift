import Adversary
import Corruptions
import Eval
import Network

/// `assay/robustness/1`
struct RobustnessFile: Encodable {
  let schema = "assay/robustness/1"
  let dataset: DatasetReference
  /// In units of the pixel range.
  let epsilon: Double
  let pixelRange: [Double]
  /// Of everything random.
  let seed: UInt64
  let classifiers: [OfClassifier]
  let comparisons: [Comparison]

  struct Accuracy: Encodable {
    let value: Double
    let interval: [Double]
    let correct, count: Int

    init(_ right: [Bool]) {
      self.init(Proportion(right: right))
    }

    init(_ proportion: Proportion) {
      value = proportion.value
      interval = [proportion.interval.lowerBound, proportion.interval.upperBound]
      (correct, count) = (proportion.correct, proportion.count)
    }
  }

  struct OfAttack: Encodable {
    let attack, settings, norm: String
    let epsilon: Double
    let region: String
    let craftedOn: String?
    let accuracy: Accuracy
  }

  struct WorstCase: Encodable {
    let region: String
    let accuracy: Accuracy
  }

  struct OfCertificate: Encodable {
    let method, settings, norm: String
    let epsilon: Double
    let region: String
    let accuracy: Accuracy

    /// As in tables.
    var name: String { "certified by \(method)" }
  }

  /// At severities 1 to 5, or at the only one there is.
  struct OfCorruption: Encodable {
    let corruption: String
    var accuracies: [Accuracy] = []
  }

  /// Two classifiers on the same images.
  struct Comparison: Encodable {
    let first, second, measure: String
    let count, firstOnly, secondOnly: Int
    let pValue: Double
  }

  struct OfClassifier: Encodable {
    let classifier, weightsSha256: String
    let clean: Accuracy
    let attacks: [OfAttack]
    let worstCase: [WorstCase]
    let certificates: [OfCertificate]
    let corruptions: [OfCorruption]
    let checks: [Check]
    let verdicts: [Verdict]

    /// - Parameter width: of the pixel range.
    init(_ result: ClassifierRobustness, width: Double) {
      classifier = result.classifier
      weightsSha256 = result.weightsSHA256
      clean = Accuracy(result.clean)
      attacks = result.attacks.map { attack in
        OfAttack(
          attack: attack.attack, settings: attack.settings, norm: attack.norm?.rawValue ?? attack.attack,
          epsilon: Self.decimal(attack.epsilon) * (attack.norm == nil ? 1 : width),
          region: attack.region.rawValue, craftedOn: attack.craftedOn, accuracy: Accuracy(attack.accuracy))
      }
      worstCase = [Region.everywhere, .foreground].map {
        WorstCase(region: $0.rawValue, accuracy: Accuracy(result.worstCase($0)))
      }
      certificates = result.certificates.map { certificate in
        OfCertificate(
          method: certificate.method.rawValue, settings: certificate.settings,
          norm: certificate.method.norm.rawValue,
          epsilon: Self.decimal(certificate.epsilon) * width, region: certificate.region.rawValue,
          accuracy: Accuracy(certificate.accuracy))
      }
      corruptions = result.corruptions.reduce(into: []) { rows, corruption in
        if rows.last?.corruption != corruption.name { rows.append(OfCorruption(corruption: corruption.name)) }
        rows[rows.count - 1].accuracies.append(Accuracy(corruption.accuracy))
      }
      checks = result.checks
      verdicts = result.verdicts
    }

    /// The number as it is written, not as it is stored: 0.1 for the Float nearest to it.
    private static func decimal(_ value: Float) -> Double { Double("\(value)") ?? 0 }
  }
}
