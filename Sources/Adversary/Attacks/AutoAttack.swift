import Autograd

/// AutoAttack (Croce and Hein, "Reliable evaluation of adversarial robustness with an ensemble of diverse
/// parameter-free attacks", ICML 2020, §5; the standard version): APGD on cross-entropy, APGD on the targeted
/// logit ratio, FAB-T and Square, each on the images that withstood those before.
///
/// The number to report: what is left has withstood gradients, targets, a minimum-norm search and a search
/// without gradients.
public struct AutoAttack: Attack {
  /// `autoattack`, `autoattack-l2` or `white-box`.
  public let name: String
  /// L∞ or L2, that of all stages.
  public let norm: Norm?
  /// ``AttackRole/gradientEnsemble`` where every stage sees gradients, else ``AttackRole/ensemble``.
  public var role: AttackRole {
    stages.allSatisfy(\.role.seesGradients) ? .gradientEnsemble : .ensemble
  }
  private let stages: [any Attack]

  /// The attacks that see gradients: what Square adds to them says whether gradients mislead (§5).
  public static let whiteBox = AutoAttack(
    "white-box", .linf, [AutoPGD.crossEntropy, AutoPGD.targeted, FAB.linf])
  /// `autoattack`: `apgd-ce`, `apgd-t`, `fab-t` and `square`, in L∞.
  public static let linf = AutoAttack("autoattack", .linf, whiteBox.stages + [Square.linf])
  /// `autoattack-l2`: the same four attacks in L2.
  public static let l2 = AutoAttack(
    "autoattack-l2", .l2, [AutoPGD.crossEntropyL2, AutoPGD.targetedL2, FAB.l2, Square.l2])

  /// - Parameter stages: one after the other, of the same norm.
  package init(_ name: String, _ norm: Norm, _ stages: [any Attack]) {
    self.name = name
    self.norm = norm
    self.stages = stages
  }

  /// False: the stages choose for themselves which labels they aim at.
  public let isTargetable = false
  /// The stages, each with its settings.
  public var settings: String { stages.map { "\($0.name) (\($0.settings))" }.joined(separator: "; ") }
  /// 250 images, as many as FAB-T and Square take.
  public var batchSize: Int { 250 }
  /// As many as the stage that needs most.
  public var leastLabels: Int { stages.map(\.leastLabels).max() ?? 2 }

  /// At each ε the stages in order: an image keeps the first version that fools, else the clean one, or that
  /// of the largest margin where the task does not stop at success.
  public func perturbation(_ task: AttackTask) -> Perturbation {
    .images { epsilon in
      Standing.attacked(task) { standing in
        for (index, stage) in stages.enumerated() where !standing.isEmpty {
          standing.offer(stage.images(standing.task.rekeyed(index), within: epsilon))
        }
      }
    }
  }
}
