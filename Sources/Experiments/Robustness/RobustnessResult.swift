import Adversary
import Eval
import Network

/// `assay/robustness/1`
public struct RobustnessResult: Codable, Equatable, Sendable {
  public private(set) var schema = "assay/robustness/1"
  public let dataset: DatasetReference
  /// In units of the pixel range.
  public let epsilon: Double
  public let pixelRange: [Double]
  /// Of everything random.
  public let seed: UInt64
  public let classifiers: [OfClassifier]
  public let comparisons: [Comparison]

  public struct OfAttack: Codable, Equatable, Sendable {
    public let attack, settings, norm: String
    public let epsilon: Double
    public let region: String
    public let craftedOn: String?
    public let accuracy: Proportion
  }

  public struct WorstCase: Codable, Equatable, Sendable {
    public let region: String
    public let accuracy: Proportion
  }

  public struct OfCertificate: Codable, Equatable, Sendable {
    public let method, settings, norm: String
    public let epsilon: Double
    public let region: String
    public let accuracy: Proportion

    /// As in tables.
    public var name: String { "certified by \(method)" }
  }

  /// At severities 1 to 5, or at the only one there is.
  public struct OfCorruption: Codable, Equatable, Sendable {
    public let corruption: String
    public internal(set) var accuracies: [Proportion] = []

    init(corruption: String) { self.corruption = corruption }
  }

  /// Two classifiers on the same images.
  public struct Comparison: Codable, Equatable, Sendable {
    public let first, second, measure: String
    public let count, firstOnly, secondOnly: Int
    /// McNemar's.
    public let pValue: Double
  }

  public struct OfClassifier: Codable, Equatable, Sendable {
    public let classifier, weightsSha256: String
    public let clean: Proportion
    public let attacks: [OfAttack]
    public let worstCase: [WorstCase]
    public let certificates: [OfCertificate]
    public let corruptions: [OfCorruption]
    public let checks: [Check]
    public let statements: [Statement]
    public let verdicts: [Verdict]

    /// - Parameter width: of the pixel range.
    init(_ result: ClassifierRobustness, width: Double) {
      classifier = result.classifier
      weightsSha256 = result.weightsSHA256
      clean = Proportion(right: result.clean)
      attacks = result.attacks.map { attack in
        OfAttack(
          attack: attack.attack, settings: attack.settings, norm: attack.norm?.rawValue ?? attack.attack,
          epsilon: Self.decimal(attack.epsilon) * (attack.norm == nil ? 1 : width),
          region: attack.region.rawValue, craftedOn: attack.craftedOn, accuracy: attack.accuracy)
      }
      worstCase = [Region.everywhere, .foreground].map {
        WorstCase(region: $0.rawValue, accuracy: Proportion(right: result.worstCase($0)))
      }
      certificates = result.certificates.map { certificate in
        OfCertificate(
          method: certificate.method.rawValue, settings: certificate.settings,
          norm: certificate.method.norm.rawValue,
          epsilon: Self.decimal(certificate.epsilon) * width, region: certificate.region.rawValue,
          accuracy: certificate.accuracy)
      }
      corruptions = result.corruptions.reduce(into: []) { rows, corruption in
        if rows.last?.corruption != corruption.name { rows.append(OfCorruption(corruption: corruption.name)) }
        rows[rows.count - 1].accuracies.append(corruption.accuracy)
      }
      checks = result.checks
      statements = result.statements
      verdicts = result.verdicts
    }

    /// The number as it is written, not as it is stored: 0.1 for the Float nearest to it.
    private static func decimal(_ value: Float) -> Double { Double("\(value)") ?? 0 }
  }
}

extension RobustnessResult {
  /// Each two classifiers on the images that both were tried on.
  static func comparisons(_ results: [ClassifierRobustness]) -> [Comparison] {
    results.indices.flatMap { first in
      results.indices.dropFirst(first + 1).flatMap { second -> [Comparison] in
        let (a, b) = (results[first], results[second])
        let measures: [(String, [Bool], [Bool])] = [
          ("clean", a.clean, b.clean),
          ("worst case, everywhere", a.worstCase(.everywhere), b.worstCase(.everywhere)),
          ("worst case, foreground", a.worstCase(.foreground), b.worstCase(.foreground)),
        ]
        return measures.map { measure, ours, theirs in
          let count = min(ours.count, theirs.count)
          let test = McNemar(Array(ours.prefix(count)), Array(theirs.prefix(count)))
          return Comparison(
            first: a.classifier, second: b.classifier, measure: measure, count: count,
            firstOnly: test.firstOnly, secondOnly: test.secondOnly, pValue: test.pValue)
        }
      }
    }
  }
}
