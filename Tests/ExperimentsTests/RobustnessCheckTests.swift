import Adversary
import Autograd
import Eval
import Experiments
import Network
import Testing

/// Each check is seen to pass on one piece of evidence, and not to on another that differs in what it is
/// about.
@Suite struct RobustnessCheckTests {
  /// What spoils the evidence for a check.
  struct Failure: Sendable, CustomStringConvertible {
    let number: String
    let outcome: Check.Outcome
    let spoil: @Sendable (inout RobustnessEvidence) -> Void

    init(
      _ number: String, _ outcome: Check.Outcome = .fail,
      _ spoil: @escaping @Sendable (inout RobustnessEvidence) -> Void
    ) {
      self.number = number
      self.outcome = outcome
      self.spoil = spoil
    }

    var description: String { "\(number), \(outcome.rawValue)" }
  }

  static let failures: [Failure] = [
    .init("C1") { $0.soundness.atZero[1] = Evidence.made("pgd", 0.001) },
    .init("C1", .notApplicable) { $0.soundness.atZero = [] },
    .init("C2") { $0.attacks.append(Evidence.result(FGSM(), right: 8, violations: 1)) },
    .init("C2", .notApplicable) { $0.attacks = [] },
    .init("C3", .warning) { $0.attacks.append(Evidence.result(FGSM(), right: 8, changedByBytes: 19)) },
    .init("C3", .notApplicable) { $0.attacks = [] },
    .init("C4") { $0.strength.pgd[3] = Evidence.right(6) },
    .init("C4") { $0.strength.clean = Evidence.right(12) },
    .init("C5") { $0.strength.oneStep[2] = Evidence.right(2) },
    .init("C5") { $0.strength.oneStep[0] = Evidence.right(20) },
    .init("C6") { $0.strength.unbounded = Evidence.share(3) },
    .init("C7") { $0.strength.halfWay = Evidence.share(12) },
    .init("C8") { $0.attacks.append(Evidence.result(Square.linf, right: 2)) },
    .init("C8") { $0.attacks.append(Evidence.result(SignNoise(), .foreground, right: 1)) },
    .init("C8") { $0.attacks.append(Evidence.result(FGSM(), right: 1, craftedOn: "other")) },
    .init("C8", .notApplicable) { $0.attacks.removeAll { $0.role.seesGradients } },
    .init("C8", .warning) { evidence in
      // In the foreground a search without gradients may beat PGD, as long as another that sees gradients
      // beats both.
      evidence.attacks.append(Evidence.result(AutoAttack.whiteBox, .foreground, right: 1))
      evidence.attacks.append(Evidence.result(Square.linf, .foreground, right: 1))
      evidence.attacks.removeAll { $0.role == .iterative && $0.region == .foreground }
      evidence.attacks.append(Evidence.result(ProjectedGradient.pgdDecay, .foreground, right: 7))
    },
    .init("C9") { $0.strength.noise = Evidence.share(5) },
    .init("C10", .warning) { $0.strength.pgd[2] = Evidence.right(12) },
    .init("C11", .warning) { $0.soundness.vanishing = .init(zero: 1, notFinite: 0, count: 2) },
    .init("C11", .warning) { $0.soundness.vanishing = .init(zero: 0, notFinite: 1, count: 2) },
    .init("C12", .warning) { evidence in
      let probabilities = Tensor([0.5, 0.25, 0.25, 0, 0, 1, 0, 0], shape: [2, 4])
      evidence.soundness.outputs = [probabilities, probabilities]
    },
    .init("C13") { $0.soundness.outputs[1] = Evidence.logits + 0.001 },
    .init("C14") { $0.soundness.weightsAfter = ["weight": [1, 2.5]] },
    .init("C14", .notApplicable) { evidence in
      (evidence.soundness.weightsBefore, evidence.soundness.weightsAfter) = ([:], [:])
    },
    .init("C16") { $0.soundness.oneStep = Evidence.made("fgsm", -0.1) },
    .init("C17") { $0.attacks.append(Evidence.result(FGSM(), .foreground, right: 8, violations: 1)) },
    .init("C17", .notApplicable) { $0.attacks.removeAll { $0.region == .foreground } },
    .init("C18") { $0.soundness.fullMask = Evidence.made("pgd", 0.2) },
    .init("C18") { $0.soundness.emptyMask = Evidence.made("pgd", 0.1) },
    .init("C19") { evidence in
      evidence.attacks.removeAll { $0.role == .ensemble && $0.region == .everywhere }
      evidence.attacks.append(Evidence.result(AutoAttack.linf, right: 9))
    },
    .init("C19", .notApplicable) { $0.attacks.removeAll { $0.region == .foreground } },
    .init("C20") { $0.strength.darkened = Evidence.share(12) },
    .init("C21") { evidence in
      evidence.strength.everFooled = Evidence.right(20)
      evidence.strength.lastFooled = Evidence.right(0)
    },
    .init("C22") { $0.attacks.removeAll { $0.role == .labelsOnly } },
    // Tried on images alone that are mistaken as they are.
    .init("C22") { evidence in
      evidence.clean = (0..<Evidence.count).map { $0 == Evidence.count - 1 }
      evidence.attacks.removeAll { $0.role == .labelsOnly }
      evidence.attacks.append(
        AttackResult(HopSkipJump.linf, epsilon: 0.1, region: .everywhere, right: [false, false]))
    },
    .init("C22", .notApplicable) { $0.clean = Evidence.right(0) },
    .init("C23") { $0.labelCount = 3 },
    .init("C24") { $0.certificates.append(Evidence.certificate(7)) },
    .init("C24", .notApplicable) { $0.certificates = [] },
    .init("C26") { $0.strength.twin = .init(name: "conv", clean: 18, attacked: 9) },
    .init("C26", .notApplicable) { $0.strength.twin = nil },
    .init("C26", .notApplicable) { $0.epsilon = 0.01 },
    .init("C26", .notApplicable) { $0.strength.twin = .init(name: "conv", clean: 5, attacked: 1) },
    .init("C27") { $0.strength.linearRatios.append(("square", 1.2)) },
    .init("C27", .notApplicable) { $0.strength.linearRatios = [] },
  ]

  @Test(arguments: RobustnessCheckCatalog.all.map(\.number))
  func passes(_ number: String) throws {
    let check = try #require(RobustnessCheckCatalog.all.first { $0.number == number })
    let found = check.check(Evidence.passing)
    #expect(found.outcome == .pass, "\(found)")
  }

  @Test(arguments: failures)
  func doesNotPass(_ failure: Failure) throws {
    let check = try #require(RobustnessCheckCatalog.all.first { $0.number == failure.number })
    var evidence = Evidence.passing
    failure.spoil(&evidence)
    let found = check.check(evidence)
    #expect(found.outcome == failure.outcome, "\(found)")
  }

  /// A new check wants a failure of its own above.
  @Test func everyCheckIsSeenToFail() {
    for check in RobustnessCheckCatalog.all {
      #expect(
        Self.failures.contains { $0.number == check.number && [.fail, .warning].contains($0.outcome) },
        "\(check.number) is never seen to fail")
    }
    #expect(Set(RobustnessCheckCatalog.all.map(\.number)).count == RobustnessCheckCatalog.all.count)
  }
}
