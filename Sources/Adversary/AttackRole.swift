/// What an attack knows of the classifier, and how it searches: by this checks and reports tell attacks
/// apart, not by their names.
public enum AttackRole: String, CaseIterable, Codable, Sendable {
  /// Nothing: random noise, a control.
  case blind
  /// One gradient.
  case oneStep
  /// Many gradients, away from the true label.
  case iterative
  /// Many gradients, towards one wrong label after the other.
  case targeted
  /// Many gradients, for the smallest change that fools.
  case minimumNorm
  /// Several attacks in turn, all of which see gradients.
  case gradientEnsemble
  /// Several attacks in turn, some of which see no gradient.
  case ensemble
  /// The logits, no gradient.
  case gradientFree
  /// The predicted label alone.
  case labelsOnly

  /// Whether all that the attack finds comes from gradients.
  public var seesGradients: Bool {
    switch self {
    case .oneStep, .iterative, .targeted, .minimumNorm, .gradientEnsemble: true
    case .blind, .ensemble, .gradientFree, .labelsOnly: false
    }
  }
}
