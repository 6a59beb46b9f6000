import Adversary
import Autograd
import Eval
import Experiments
import Network

/// Evidence on which every check passes: of each kind of attack one result, of twenty images.
enum Evidence {
  static let count = 20
  /// So many images right, then the others wrong.
  static func right(_ right: Int) -> [Bool] { (0..<count).map { $0 < right } }
  static func share(_ right: Int) -> Proportion { Proportion(correct: right, count: count) }

  static func result(
    _ attack: any Attack, _ region: FreePixels = .everywhere, right: Int, craftedOn: String? = nil,
    violations: Int = 0, changedByBytes: Int = 0
  ) -> AttackResult {
    AttackResult(
      attack, epsilon: attack.norm == nil ? 1 : 0.1, region: region, craftedOn: craftedOn,
      right: Self.right(right), violations: violations, changedByBytes: changedByBytes)
  }

  static var attacks: [AttackResult] {
    [FreePixels.everywhere, .foreground].flatMap { region in
      [
        result(SignNoise(), region, right: 16), result(FGSM(), region, right: 8),
        result(ProjectedGradient.pgdDecay, region, right: 4),
        result(ProjectedGradient.pgdDecay, region, right: 10, craftedOn: "other"),
        result(AutoAttack.whiteBox, region, right: 4), result(Square.linf, region, right: 6),
        result(AutoAttack.linf, region, right: 4),
      ]
    } + [result(HopSkipJump.linf, right: 5), result(Spatial(), right: 9)]
  }

  static func certificate(_ right: Int, epsilon: Float = 0.1) -> CertificateResult {
    CertificateResult(
      method: .ibp, settings: "bounds", epsilon: epsilon, region: .everywhere, certified: Self.right(right))
  }

  static var x: Tensor { Tensor([0.25, 0.5, 0, 0.75], shape: [2, 1, 2, 1]) }

  static func made(_ name: String, _ change: Float) -> SoundnessEvidence.Made {
    .init(attack: name, images: x + change)
  }

  static var soundness: SoundnessEvidence {
    SoundnessEvidence(
      images: x, labels: [0, 1], atZero: [made("fgsm", 0), made("pgd", 0)],
      vanishing: VanishingGradients(zero: 0, notFinite: 0, count: 2), oneStep: made("fgsm", 0.1),
      slope: .ones(x.shape), outputs: [logits, logits], weightsBefore: ["weight": [1, 2]],
      weightsAfter: ["weight": [1, 2]], unmasked: made("pgd", 0.1), fullMask: made("pgd", 0.1),
      emptyMask: made("pgd", 0))
  }

  static var logits: Tensor { Tensor([2, -1, 0, 0, 1, 3, 0, 0], shape: [2, 4]) }

  static var strength: StrengthEvidence {
    StrengthEvidence(
      clean: right(18), sizes: [0.025, 0.05, 0.1, 0.2], pgd: [14, 9, 4, 1].map(right),
      oneStep: [15, 12, 8, 5].map(right), unbounded: share(0), halfWay: share(1), darkened: share(2),
      largestLabel: 0.25, noise: share(15),
      longer: .init(usualSteps: 40, usualRestarts: 3, steps: 80, restarts: 6, accuracy: share(3)),
      everFooled: right(16).map { !$0 }, lastFooled: right(17).map { !$0 },
      twin: .init(name: "conv", clean: 18, attacked: 1),
      linearRatios: [("deepfool", 1.0), ("fab-t", 1.01)])
  }

  static var passing: RobustnessEvidence {
    RobustnessEvidence(
      labelCount: 10, epsilon: 0.1, clean: right(18), attacks: attacks, certificates: [certificate(3)],
      soundness: soundness, strength: strength)
  }
}
