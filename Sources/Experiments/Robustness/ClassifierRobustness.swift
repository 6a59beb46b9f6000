import Adversary
import Corruptions
import Eval
import Network

/// What the report says of one classifier, image by image.
public struct ClassifierRobustness: Sendable {
  /// The classifier's name.
  public let classifier: String
  /// Empty for a classifier that was not read from a file.
  public let weightsSHA256: String
  /// Whether each image is right as it is.
  public let clean: [Bool]
  /// Every attack in each region that it was tried in; they may be of fewer images than ``clean``.
  public let attacks: [AttackResult]
  /// What was proven; empty where no proof was asked for.
  public let certificates: [CertificateResult]
  /// The accuracy on damaged images; empty where that was not asked for.
  public let corruptions: [CorruptionResult]
  /// Whether the attacks were strong enough and the code around them exact, check by check.
  public internal(set) var checks: [Check]
  /// What is said beside the checks without a test.
  public internal(set) var statements: [Statement]
  /// What a reader must know of the figures; empty where there is nothing to say.
  public internal(set) var verdicts: [Verdict]

  /// The parts of a report on one classifier.
  ///
  /// - Parameters:
  ///   - classifier: its name.
  ///   - weightsSHA256: empty for a classifier that was not read from a file.
  ///   - clean: whether each image is right as it is.
  ///   - attacks: what came of each, on the first images of the same set.
  ///   - certificates: what was proven; empty where no proof was asked for.
  ///   - corruptions: the accuracy on damaged images; empty where that was not asked for.
  ///   - checks: of how strong the attacks were, and how exact the code around them.
  ///   - statements: what is said beside the checks without a test.
  ///   - verdicts: what a reader must know of the figures.
  public init(
    classifier: String, weightsSHA256: String = "", clean: [Bool], attacks: [AttackResult],
    certificates: [CertificateResult] = [], corruptions: [CorruptionResult] = [], checks: [Check] = [],
    statements: [Statement] = [], verdicts: [Verdict] = []
  ) {
    self.classifier = classifier
    self.weightsSHA256 = weightsSHA256
    self.clean = clean
    self.attacks = attacks
    self.certificates = certificates
    self.corruptions = corruptions
    self.checks = checks
    self.statements = statements
    self.verdicts = verdicts
  }

  /// The two regions of the attacks: everywhere, and the foreground or what takes its place.
  public var regions: [FreePixels] { attacks.regions }

  /// The attacks of L∞ whose images lie in a region; those of the other one lie everywhere, too.
  public func counted(in region: FreePixels) -> [AttackResult] {
    attacks.filter { $0.norm == .linf && region.includes($0.region) }
  }

  /// What withstands every attack of L∞ in a region, of the images that the ensemble was tried on. The attack
  /// that sees labels only counts where it was tried.
  public func worstCase(_ region: FreePixels) -> [Bool] {
    let counted = counted(in: region)
    let count = counted.first { $0.role == .ensemble }?.right.count ?? clean.count
    return (0..<count).map { index in
      clean[index] && counted.allSatisfy { index >= $0.right.count || $0.right[index] }
    }
  }
}

/// A corruption at one severity.
public struct CorruptionResult: Sendable {
  /// The corruption's name, such as `fog`.
  public let name: String
  /// From 1 to 5; 1 for a corruption of one strength.
  public let severity: Int
  /// The share of the damaged images that are right.
  public let accuracy: Proportion
}
