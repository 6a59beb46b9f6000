import Adversary
import Corruptions
import Eval
import Network

/// What the report says of one classifier, image by image.
public struct ClassifierRobustness: Sendable {
  public let classifier: String
  /// Empty for a classifier that was not read from a file.
  public let weightsSHA256: String
  /// Whether each image is right as it is.
  public let clean: [Bool]
  public let attacks: [AttackResult]
  public let certificates: [CertificateResult]
  public let corruptions: [CorruptionResult]
  public internal(set) var checks: [Check]
  public internal(set) var statements: [Statement]
  public internal(set) var verdicts: [Verdict]

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

  /// The attacks of L∞ whose images lie in a region; those of the foreground lie everywhere, too.
  public func counted(in region: Region) -> [AttackResult] {
    attacks.filter { $0.norm == .linf && region.includes($0.region) }
  }

  /// What withstands every attack of L∞ in a region, of the images that the ensemble was tried on. The attack
  /// that sees labels only counts where it was tried.
  public func worstCase(_ region: Region) -> [Bool] {
    let counted = counted(in: region)
    let count = counted.first { $0.role == .ensemble }?.right.count ?? clean.count
    return (0..<count).map { index in
      clean[index] && counted.allSatisfy { index >= $0.right.count || $0.right[index] }
    }
  }
}

/// A corruption at one severity.
public struct CorruptionResult: Sendable {
  public let name: String
  public let severity: Int
  public let accuracy: Proportion
}
