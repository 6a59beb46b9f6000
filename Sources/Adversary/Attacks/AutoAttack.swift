import Autograd

/// AutoAttack (Croce and Hein, "Reliable evaluation of adversarial robustness with an ensemble of diverse
/// parameter-free attacks", ICML 2020, §5; the standard version): APGD on cross-entropy, APGD on the targeted
/// logit ratio, FAB-T and Square, each on the images that withstood those before.
///
/// The number to report: what is left has withstood gradients, targets, a minimum-norm search and a search
/// without gradients.
public struct AutoAttack: Attack {
  public let name: String
  public let norm: Norm?
  public var role: AttackRole {
    stages.allSatisfy(\.role.seesGradients) ? .gradientEnsemble : .ensemble
  }
  private let stages: [any Attack]

  /// The attacks that see gradients: what Square adds to them says whether gradients mislead (§5).
  public static let whiteBox = AutoAttack(
    "white-box", .linf, [AutoPGD.crossEntropy, AutoPGD.targeted, FAB.linf])
  public static let linf = AutoAttack("autoattack", .linf, whiteBox.stages + [Square.linf])
  public static let l2 = AutoAttack(
    "autoattack-l2", .l2, [AutoPGD.crossEntropyL2, AutoPGD.targetedL2, FAB.l2, Square.l2])

  /// - Parameter stages: one after the other, of the same norm.
  package init(_ name: String, _ norm: Norm, _ stages: [any Attack]) {
    self.name = name
    self.norm = norm
    self.stages = stages
  }

  public let isTargetable = false
  public var settings: String { stages.map { "\($0.name) (\($0.settings))" }.joined(separator: "; ") }
  public var batchSize: Int { 250 }
  public var leastLabels: Int { stages.map(\.leastLabels).max() ?? 2 }

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
