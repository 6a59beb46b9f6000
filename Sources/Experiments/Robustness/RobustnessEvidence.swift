import Adversary

/// All that the checks of one classifier's report look at.
package struct RobustnessEvidence {
  package var labelCount: Int
  /// In units of the pixel range [0, 1].
  package var epsilon: Float
  /// Whether each image is right as it is.
  package var clean: [Bool]
  package var attacks: [AttackResult]
  package var certificates: [CertificateResult]
  package var soundness: SoundnessEvidence
  package var strength: StrengthEvidence

  package init(
    labelCount: Int, epsilon: Float, clean: [Bool], attacks: [AttackResult],
    certificates: [CertificateResult], soundness: SoundnessEvidence, strength: StrengthEvidence
  ) {
    self.labelCount = labelCount
    self.epsilon = epsilon
    self.clean = clean
    self.attacks = attacks
    self.certificates = certificates
    self.soundness = soundness
    self.strength = strength
  }

  /// The attacks that images were made by: what an ensemble leaves follows from its parts.
  var tried: [AttackResult] { attacks.filter { $0.role != .ensemble } }

  /// What a rule between two accuracies may be off by, in images.
  static func margin(_ count: Int) -> Int { max(1, count / 500) }
}
