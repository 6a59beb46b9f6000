import Datasets
import Eval
import Kernels
import Testing

/// Every check of judges is seen failing and seen passing, on figures made for it.
@Suite struct JudgeCheckCatalogTests {
  struct Pair: Sendable, CustomStringConvertible {
    let description: String
    let passing, failing: Check

    init(_ description: String, passing: Check, failing: Check) {
      (self.description, self.passing, self.failing) = (description, passing, failing)
    }
  }

  static let pairs = [
    damage, missing, collapsed, labelsAndCopies, distances, samples, generators, verdicts,
  ].flatMap { $0 }

  private static func pair(_ rule: (some VerdictCheckRule).Type) -> Pair {
    let (given, absent) = (
      VerdictFindings(given: verdict("it is", rule.verdict), withheld: [], absent: []),
      VerdictFindings(given: [], withheld: [], absent: verdict("it is not", rule.verdict))
    )
    return Pair(
      "\(rule.verdict.rawValue), given and not", passing: rule.decide("damage", given, naming: .init()),
      failing: rule.decide("damage", absent, naming: .init()))
  }

  private static func named(_ detail: String) -> Check {
    MissingLabelVerdictCheck.decide(
      "without 1 label",
      VerdictFindings(given: verdict(detail, .collapsed), withheld: [], absent: []),
      naming: .init(["Bag"], of: ["Bag", "Coat"]))
  }

  private static let verdicts = [
    pair(UnbalancedVerdictCheck.self), pair(RepeatsVerdictCheck.self), pair(UnlikeVerdictCheck.self),
    pair(DiversityVerdictCheck.self), pair(CopiesVerdictCheck.self), pair(LabelsIgnoredVerdictCheck.self),
    pair(ContrastVerdictCheck.self), pair(MissingLabelVerdictCheck.self),
    Pair(
      "the missing label named, and another", passing: named("1 of 2: Bag"),
      failing: named("0 of 2: Bag, Coat")),
    Pair(
      "real images left alone, and accused", passing: RealSetsCheck.decide(50, draws: 10, []),
      failing: RealSetsCheck.decide(50, draws: 10, verdict("copies", .memorizes))),
  ]

  private static func trend(_ values: [Double]) -> Trend {
    Trend(values: values, errors: values.map { _ in 0.1 })
  }

  private static let damage = [
    Pair(
      "damage that is seen, and a last step that is within the errors",
      passing: DamageCheck.decide(.blur, judge: "a", trend([0, 1, 2, 3])),
      failing: DamageCheck.decide(.blur, judge: "a", trend([0, 1, 2, 2.4]))),
    Pair(
      "small steps upwards, one of them downwards within the errors, and one beyond them",
      passing: LightDamageCheck.decide(.noise, judge: "a", trend([0, 1, 2, 1.9, 3])),
      failing: LightDamageCheck.decide(.noise, judge: "a", trend([0, 1, 2, 1.5, 3]))),
    Pair(
      "small steps that lead upwards, and such as lead nowhere",
      passing: LightDamageCheck.decide(.noise, judge: "a", trend([0, 0.1, 0.2])),
      failing: LightDamageCheck.decide(.noise, judge: "a", trend([0.2, 0.1, 0.2]))),
  ]

  private static func missingLabels(
    kernel: [Double] = [0, 1, 2, 3], recall: [Double] = [0.9, 0.8, 0.7, 0.6],
    precision: [Double] = [0.9, 0.91, 0.9, 0.88], entropy: [Double] = [1, 0.9, 0.8, 0.7]
  ) -> [Check] {
    MissingLabelsCheck.decide(
      judge: "a",
      .init(
        frechet: trend([0, 1, 2, 3]), kernel: trend(kernel), coverage: Trend(values: [0.9, 0.8, 0.7, 0.6]),
        recall: Trend(values: recall), precision: Trend(values: precision), entropy: Trend(values: entropy),
        expectedEntropy: Trend(values: [1, 0.91, 0.79, 0.7])))
  }

  private static let missing = [
    Pair(
      "missing labels that one distance does not see", passing: missingLabels()[0],
      failing: missingLabels(kernel: [0, 1, 2, 2])[0]),
    Pair(
      "missing labels that recall does not see", passing: missingLabels()[1],
      failing: missingLabels(recall: [0.9, 0.8, 0.85, 0.6])[1]),
    Pair(
      "missing labels that precision takes for bad images", passing: missingLabels()[1],
      failing: missingLabels(precision: [0.9, 0.9, 0.9, 0.8])[1]),
    Pair(
      "missing labels that the entropy does not show", passing: missingLabels()[2],
      failing: missingLabels(entropy: [1, 1, 1, 1])[2]),
  ]

  private static func verdict(_ detail: String, _ name: Verdict.Name = .lowDiversity) -> [Verdict] {
    [Verdict(name: name, detail: detail)]
  }

  private static let collapsed = [
    Pair(
      "five images over and over, and coverage that stays",
      passing: CollapsedLabelCheck.decide("b", judge: "a", before: (5, 0.9, 0.95), after: (2, 0.8, 0.94)),
      failing: CollapsedLabelCheck.decide("b", judge: "a", before: (5, 0.9, 0.95), after: (2, 0.9, 0.94))),
    Pair(
      "five images over and over, and an accuracy that shows it",
      passing: CollapsedLabelCheck.decide("b", judge: "a", before: (5, 0.9, 0.95), after: (2, 0.8, 0.94)),
      failing: CollapsedLabelCheck.decide("b", judge: "a", before: (5, 0.9, 0.95), after: (2, 0.8, 0.85))),
    Pair(
      "the verdict on one label, and on another too",
      passing: CollapsedLabelCheck.decide("Bag", of: ["Bag", "Coat"], verdicts: verdict("Bag 0.2")),
      failing: CollapsedLabelCheck.decide(
        "Bag", of: ["Bag", "Coat"], verdicts: verdict("Bag 0.2, Coat 0.3"))),
    Pair(
      "the verdict, and none",
      passing: CollapsedLabelCheck.decide("Bag", of: ["Bag", "Coat"], verdicts: verdict("Bag 0.2")),
      failing: CollapsedLabelCheck.decide("Bag", of: ["Bag", "Coat"], verdicts: [])),
    Pair(
      "real images, and real images accused",
      passing: CollapsedLabelCheck.decide(verdictsOnReal: []),
      failing: CollapsedLabelCheck.decide(verdictsOnReal: verdict("copies", .memorizes))),
  ]

  private static func copies(
    exact: Int = 100, authenticity: Double = 0, statistic: Double? = -20
  ) -> Memorization {
    Memorization(
      generated: .init(
        count: 100, exactDuplicates: exact, nearDuplicates: exact, authenticity: authenticity),
      heldOut: .init(count: 100, exactDuplicates: 0, nearDuplicates: 0, authenticity: 0.5),
      copyingStatistic: statistic)
  }

  private static let labelsAndCopies = [
    Pair(
      "the accuracy that swapped labels foretell, and one that they do not",
      passing: SwappedLabelsCheck.decide(
        judge: "a", accuracy: Proportion(correct: 640, count: 1000), expected: 0.65, distances: (2, 2)),
      failing: SwappedLabelsCheck.decide(
        judge: "a", accuracy: Proportion(correct: 900, count: 1000), expected: 0.65, distances: (2, 2))),
    Pair(
      "a distance that stays, and one that labels move",
      passing: SwappedLabelsCheck.decide(
        judge: "a", accuracy: Proportion(correct: 640, count: 1000), expected: 0.65, distances: (2, 2)),
      failing: SwappedLabelsCheck.decide(
        judge: "a", accuracy: Proportion(correct: 640, count: 1000), expected: 0.65, distances: (2, 2.1))),
    Pair(
      "copies found, and one missed", passing: CopiesCheck.decide(copies: copies(), isAccused: true),
      failing: CopiesCheck.decide(copies: copies(exact: 99), isAccused: true)),
    Pair(
      "copies accused, and not accused", passing: CopiesCheck.decide(copies: copies(), isAccused: true),
      failing: CopiesCheck.decide(copies: copies(), isAccused: false)),
    Pair(
      "fresh images, and fresh images taken for copies",
      passing: CopiesCheck.decide(fresh: copies(exact: 0, authenticity: 0.5, statistic: 1), isAccused: false),
      failing: CopiesCheck.decide(
        fresh: copies(exact: 0, authenticity: 0.5, statistic: -5), isAccused: false)),
    Pair(
      "fresh images, and too few of them to tell",
      passing: CopiesCheck.decide(fresh: copies(exact: 0, authenticity: 0.5, statistic: 1), isAccused: false),
      failing: CopiesCheck.decide(
        fresh: copies(exact: 0, authenticity: 0.5, statistic: nil), isAccused: false)),
  ]

  private static let distances = [
    Pair(
      "real, blurred, noise, and blurred as far as noise",
      passing: FloorAndCeilingCheck.decide(judge: "a", real: 1, blurred: 3, noise: 10),
      failing: FloorAndCeilingCheck.decide(judge: "a", real: 1, blurred: 6, noise: 10)),
    Pair(
      "light noise beyond three errors, and within",
      passing: FewImagesCheck.decide(
        2000, judge: "a", clean: MetricFigure(1, standardError: 0.1),
        noisy: MetricFigure(2, standardError: 0.1)),
      failing: FewImagesCheck.decide(
        2000, judge: "a", clean: MetricFigure(1, standardError: 0.3),
        noisy: MetricFigure(2, standardError: 0.3))),
    Pair(
      "a shift that is harmless, and a turn that is not",
      passing: HarmlessCheck.decide(judge: "a", shifted: 1, turned: 2, noisy: 3, clean: 0),
      failing: HarmlessCheck.decide(judge: "a", shifted: 1, turned: 4, noisy: 3, clean: 0)),
  ]

  private static let samples = [
    Pair(
      "distances of the expected size, and one 20 % above",
      passing: BiasLawCheck.decide(judge: "a", [(500, 1.02), (250, 0.95)]),
      failing: BiasLawCheck.decide(judge: "a", [(500, 1.02), (250, 1.2)])),
    Pair(
      "a distance that order does not change, and one that it does",
      passing: InvarianceCheck.decide(judge: "a", change: 1e-12, threadsAgree: true),
      failing: InvarianceCheck.decide(judge: "a", change: 1e-6, threadsAgree: true)),
    Pair(
      "threads that agree, and that do not",
      passing: InvarianceCheck.decide(judge: "a", change: 1e-12, threadsAgree: true),
      failing: InvarianceCheck.decide(judge: "a", change: 1e-12, threadsAgree: false)),
  ]

  private static let generators = [
    Pair(
      "a training that goes well, and one that goes round in circles",
      passing: CheckpointsCheck.decide("run", judge: "a", [9, 7, 5, 4, 3], agreement: 1),
      failing: CheckpointsCheck.decide("run", judge: "a", [9, 7, 8, 9, 7], agreement: 1)),
    Pair(
      "less noise and less recall, and recall that rises again",
      passing: TruncationCheck.decide(
        "g", judge: "a", precision: Trend(values: [0.6, 0.7, 0.8]), recall: Trend(values: [0.5, 0.4, 0.2])),
      failing: TruncationCheck.decide(
        "g", judge: "a", precision: Trend(values: [0.6, 0.7, 0.8]), recall: Trend(values: [0.5, 0.2, 0.3]))),
  ]

  @Test(arguments: pairs) func passesAndFailsAsItShould(_ pair: Pair) {
    #expect(pair.passing.outcome == .pass, "\(pair.passing)")
    #expect(pair.failing.outcome == .fail, "\(pair.failing)")
    #expect(pair.passing.number == pair.failing.number && !pair.failing.found.isEmpty)
  }

  @Test func everyCheckOfTheCatalogueHasSuchAPair() {
    let tried = Set(Self.pairs.map(\.failing.number))
    for rule in JudgeCheckCatalog.all {
      #expect(tried.contains(rule.number), "\(rule.number) (\(rule.summary)) has no pair")
    }
    #expect(Set(JudgeCheckCatalog.all.map { $0.number }) == Set((1...22).map { "T\($0)" }))
    let due = Set(SetDamage.all.map(\.verdict))
    #expect(due.isSubset(of: Set(VerdictCatalog.all.map(\.name))) && due.count == 8)
  }

  // MARK: - Whole trials of tiny judges

  private func trial(_ judges: [Judge]) throws -> JudgeTrial {
    try JudgeTrial(
      judges, heldOut: TinyWorld.images(1000, seed: 1),
      training: TinyWorld.images(600, seed: 2, split: .train))
  }

  private func failed(_ checks: [Check]) -> Set<String> {
    Set(checks.filter { !$0.passed }.map(\.number))
  }

  @Test func aTrialMeasuresEveryCheckThatItHasImagesFor() throws {
    var done: [Int] = []
    let checks = try trial(TinyWorld.judges).run { part, next in
      #expect(next.isEmpty == (part == JudgeCheckCatalog.all.count))
      done.append(part)
    }
    #expect(done == Array(0...JudgeCheckCatalog.all.count))
    #expect(Set(checks.map(\.number)) == Set((1...22).map { "T\($0)" }).subtracting(["T11", "T12"]))
    // Whatever damage is measured on, order and threads change nothing, and copies are copies.
    let sure: Set = ["T5", "T13", "T14", "T16", "T20", "T21", "T22"]
    #expect(failed(checks).isDisjoint(with: sure), "\(checks.filter { !$0.passed })")
    #expect(checks.first { $0.number == "T6" }?.passed == true)
  }

  @Test func whatThrowsInProgressEndsTheTrial() throws {
    struct Stop: Error {}
    let trial = try trial(TinyWorld.judges)
    #expect(throws: Stop.self) { _ = try trial.run { _, _ in throw Stop() } }
  }

  @Test func aJudgeThatSeesNothingFails() throws {
    let checks = try trial([Judge(BlindJudge(), sha256: "0")]).run()
    #expect(failed(checks).isSuperset(of: ["T1", "T2", "T3", "T4", "T7", "T9", "T10"]))
  }

  @Test func generatorsAreMeasuredWhereThereAreAny() throws {
    var trial = try trial(TinyWorld.judges)
    let fresh = TinyWorld.images(400, seed: 8)
    /// Less and less damage; more for a larger factor.
    func spoilt(_ strength: Double) -> JudgedCheckpoints.Images {
      (
        Damage.noise.applied(
          to: fresh.pixels, side: TinyWorld.side, strength: strength, key: Key(seed: 3)),
        fresh.labels.map(Int.init)
      )
    }
    trial.checkpoints = JudgedCheckpoints(
      name: "run", draw: [0.9, 0.7, 0.5, 0.3, 0].map { strength in { spoilt(strength) } })
    trial.truncation = JudgedTruncation(name: "g") { spoilt(Double($0)) }
    let found = try CheckpointsCheck.checks(in: trial)
    #expect(found.count == 2 && found.allSatisfy(\.passed), "\(found)")
    #expect(try TruncationCheck.checks(in: trial).map(\.number) == ["T12", "T12"])
  }
}
