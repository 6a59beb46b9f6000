import Adversary
import Eval
import Network

/// `assay/robustness/1`: what is left of classifiers under attack, with the checks of these figures.
public struct RobustnessResult: Codable, Equatable, Sendable {
  /// The name and version of the JSON's form.
  public static let schema = "assay/robustness/1"
  /// The format of the file and its version.
  public private(set) var schema = Self.schema
  /// The images that were attacked.
  public let dataset: DatasetReference
  /// In units of the pixel range.
  public let epsilon: Double
  /// What ε counts in: black and white, `[low, high]`.
  public let pixelRange: [Double]
  /// Of everything random.
  public let seed: UInt64
  /// What pixels of the foreground are above, in [0, 1]; nil where that is 0, and with a mask in its place.
  public let foregroundThreshold: Double?
  /// The mask, where it takes the place of the foreground.
  public let mask: MaskReference?
  /// One part a classifier, in the order in which they were given.
  public let classifiers: [OfClassifier]
  /// Each pair of classifiers by each measure; empty for a single classifier.
  public let comparisons: [Comparison]

  /// One attack in one region.
  public struct OfAttack: Codable, Equatable, Sendable {
    /// The attack's name.
    public let attack: String
    /// Steps, step sizes, restarts and queries, in words.
    public let settings: String
    /// What ε measures: `linf`, `l2`, `l0`, or the attack's name where it is no length.
    public let norm: String
    /// In units of the report's pixel range; where ε is no length, as the attack counts it.
    public let epsilon: Double
    /// The pixels that it may change: `foreground`, `everywhere` or `mask`.
    public let region: String
    /// The classifier that the images were made on; nil where it is the one attacked.
    public let craftedOn: String?
    /// The share of the attacked images that are right.
    public let accuracy: Proportion
  }

  /// What withstands every attack of L∞ in a region.
  public struct WorstCase: Codable, Equatable, Sendable {
    /// The pixels that the attacks may change: `foreground`, `everywhere` or `mask`.
    public let region: String
    /// The share of the images that are right as they are and under each attack: the number to report.
    public let accuracy: Proportion
  }

  /// What one method proves in one region.
  public struct OfCertificate: Codable, Equatable, Sendable {
    /// The method: `ibp` or `smoothing`.
    public let method: String
    /// The method's settings, in words.
    public let settings: String
    /// What ε measures: `linf` or `l2`.
    public let norm: String
    /// The radius, in units of the report's pixel range.
    public let epsilon: Double
    /// The pixels that may change in what is proven: `foreground`, `everywhere` or `mask`.
    public let region: String
    /// The share of the images that provably keep their true label under every change up to ε.
    public let accuracy: Proportion

    /// As in tables.
    public var name: String { "certified by \(method)" }
  }

  /// The accuracy under a corruption, at severities 1 to 5, or at the only one there is.
  public struct OfCorruption: Codable, Equatable, Sendable {
    /// The corruption's name, such as `fog`.
    public let corruption: String
    /// The share of the damaged images that are right, from severity 1 on.
    public internal(set) var accuracies: [Proportion] = []

    init(corruption: String) { self.corruption = corruption }
  }

  /// Two classifiers on the same images.
  public struct Comparison: Codable, Equatable, Sendable {
    /// The name of the classifier that was given first.
    public let first: String
    /// The name of the other one.
    public let second: String
    /// What counts as right: `clean`, or `worst case, ` and the region.
    public let measure: String
    /// The number of images.
    public let count: Int
    /// Images that only the first has right.
    public let firstOnly: Int
    /// Images that only the second has right.
    public let secondOnly: Int
    /// McNemar's: the probability of a difference as large as this one, were there none.
    public let pValue: Double
  }

  /// The part of one classifier.
  public struct OfClassifier: Codable, Equatable, Sendable {
    /// The classifier's name.
    public let classifier: String
    /// SHA-256 of its file; empty for one that was not read from a file.
    public let weightsSha256: String
    /// The share of the images that are right as they are.
    public let clean: Proportion
    /// Every attack in each region that it was tried in.
    public let attacks: [OfAttack]
    /// What is left under all attacks of L∞: everywhere, and in the other region.
    public let worstCase: [WorstCase]
    /// What was proven; empty where no proof was asked for.
    public let certificates: [OfCertificate]
    /// The accuracy on damaged images; empty where that was not asked for.
    public let corruptions: [OfCorruption]
    /// Whether the attacks were strong enough and the code around them exact, check by check.
    public let checks: [Check]
    /// What is said beside the checks without a test.
    public let statements: [Statement]
    /// What a reader must know of the figures; empty where there is nothing to say.
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
          region: attack.region.name, craftedOn: attack.craftedOn, accuracy: attack.accuracy)
      }
      worstCase = result.regions.map {
        WorstCase(region: $0.name, accuracy: Proportion(right: result.worstCase($0)))
      }
      certificates = result.certificates.map { certificate in
        OfCertificate(
          method: certificate.method.rawValue, settings: certificate.settings,
          norm: certificate.method.norm.rawValue,
          epsilon: Self.decimal(certificate.epsilon) * width, region: certificate.region.name,
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
        let measures: [(String, [Bool], [Bool])] =
          [("clean", a.clean, b.clean)]
          + a.regions.map { ("worst case, \($0.name)", a.worstCase($0), b.worstCase($0)) }
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
