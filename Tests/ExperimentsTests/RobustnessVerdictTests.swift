import Adversary
import Eval
import Experiments
import Network
import Testing

/// Each verdict on a classifier under attack is seen to be given, and not to be.
@Suite struct RobustnessVerdictTests {
  struct Case: Sendable, CustomStringConvertible {
    let name: Verdict.Name
    let isGiven: Bool
    let result: ClassifierRobustness
    let description: String
  }

  /// - Parameters: images of 400 that are right clean, after one step, and after PGD and the ensemble.
  private static func result(
    _ clean: Int, _ oneStep: Int?, _ pgd: Int, _ ensemble: Int, checks: [Check] = []
  ) -> ClassifierRobustness {
    func right(_ count: Int) -> [Bool] { (0..<400).map { $0 < count } }
    func attack(_ attack: any Attack, _ count: Int) -> AttackResult {
      AttackResult(attack, epsilon: 0.1, region: .everywhere, right: right(count))
    }
    return ClassifierRobustness(
      classifier: "tried", clean: right(clean),
      attacks: (oneStep.map { [attack(FGSM(), $0)] } ?? [])
        + [attack(ProjectedGradient.pgdDecay, pgd), attack(AutoAttack.linf, ensemble)],
      certificates: [Evidence.certificate(3)], checks: checks)
  }

  static let cases: [Case] = [
    .init(
      name: .falseWin, isGiven: true, result: result(380, 300, 100, 20),
      description: "one step finds it robust, others do not"),
    .init(
      name: .falseWin, isGiven: true, result: result(380, 300, 20, 300), description: "PGD alone does not"),
    .init(
      name: .falseWin, isGiven: false, result: result(380, 100, 20, 0),
      description: "not even one step finds it robust"),
    .init(
      name: .falseWin, isGiven: false, result: result(380, 300, 220, 200), description: "it is robust"),
    .init(name: .falseWin, isGiven: false, result: result(380, nil, 20, 0), description: "no one step"),
    .init(
      name: .notTrusted, isGiven: true,
      result: result(380, 300, 220, 200, checks: [.init("C8", "claim", .fail, "found")]),
      description: "a check failed"),
    .init(
      name: .notTrusted, isGiven: false,
      result: result(
        380, 300, 220, 200,
        checks: [.init("C8", "claim", .pass, ""), .init("C3", "claim", .warning, "")]),
      description: "none failed"),
  ]

  @Test(arguments: cases)
  func isGivenWhereItIsDue(_ tried: Case) throws {
    let verdict = try #require(RobustnessVerdictCatalog.all.first { $0.name == tried.name })
    let given = verdict.given(tried.result)
    #expect(given.isEmpty != tried.isGiven)
    #expect(given.allSatisfy { $0.name == tried.name && !$0.detail.isEmpty })
  }

  @Test func everyVerdictIsSeenBothWays() {
    for verdict in RobustnessVerdictCatalog.all {
      for isGiven in [true, false] {
        #expect(Self.cases.contains { $0.name == verdict.name && $0.isGiven == isGiven }, "\(verdict.name)")
      }
    }
  }

  @Test func notTrustedNamesTheCheckAndTheProof() throws {
    let result = Self.result(380, 300, 220, 200, checks: [.init("C8", "blind ones find less", .fail, "")])
    let verdicts = RobustnessVerdictCatalog.all.flatMap { $0.given(result) }
    let detail = try #require(verdicts.first?.detail)
    #expect(verdicts.count == 1 && detail.contains("C8 (blind ones find less)") && detail.contains("proven"))
  }

  @Test func theWorstCaseIsOfEachImage() {
    func attack(_ attack: any Attack, _ right: [Bool], _ region: FreePixels = .everywhere) -> AttackResult {
      AttackResult(attack, epsilon: 0.1, region: region, right: right)
    }
    let result = ClassifierRobustness(
      classifier: "tried", clean: [true, true, true, false],
      attacks: [
        attack(FGSM(), [true, false, true, true]), attack(AutoAttack.linf, [true, true, true]),
        attack(HopSkipJump.linf, [false]), attack(Square.linf, [true, true, false], .foreground),
        attack(Spatial(), [false, false, false]),
      ])
    // What is reached in the foreground is reached everywhere; motions have another norm; AutoAttack saw
    // three images.
    #expect(result.worstCase(.everywhere) == [false, false, false])
    #expect(result.worstCase(.foreground) == [true, true, false, false])
  }
}
