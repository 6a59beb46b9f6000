import Eval
import Testing

/// Every verdict is seen given and not given, on figures made for it.
@Suite struct VerdictTests {
  private static let names = ["a", "b", "c", "d"]
  /// A judge that errs on one image in ten, towards the next label.
  private static let confusion = (0..<4).map { t in
    (0..<4).map { $0 == t ? 900 : $0 == (t + 1) % 4 ? 100 : 0 }
  }

  private static func shares(_ counts: [Int]) -> LabelShares {
    LabelShares(counts: counts, confusion: confusion)
  }

  private static func share(_ correct: Int, _ count: Int = 1000) -> Proportion {
    Proportion(correct: correct, count: count)
  }

  private static func judge(_ name: String, _ counts: [Int]) -> VerdictEvidence.OfJudge {
    .init(
      name: name, shares: shares(counts), diversity: [(5, 5), (4, 4.2), (6, 5.8), (5, 5)],
      labelAccuracy: (share(890), share(9000, 10_000)), precision: (share(930), share(940)),
      recall: (0.9, 0.92), coverage: (0.95, 0.96),
      distance: .init(value: 2.1, error: 0.1, floor: 2, floorError: 0.1, ceiling: 100))
  }

  /// Of images that nothing is amiss with: 1000 of four labels, two judges.
  static let ordinary = VerdictEvidence(
    count: 1000, labelNames: names,
    judges: [judge("x", [250, 250, 250, 250]), judge("y", [240, 260, 255, 245])],
    labelCounts: [250, 250, 250, 250], memorization: memorization(exact: 1, near: 5),
    repeats: (share(1), share(8, 10_000)), brightness: (0.3, 0.3), contrast: (0.35, 0.35),
    brightnessDeviation: 0.15, agreement: (share(900), share(9200, 10_000)))

  static func memorization(
    exact: Int, near: Int, aligned: Int? = nil, of count: Int = 1000, heldOut: Int = 10_000
  ) -> Memorization {
    Memorization(
      generated: .init(
        count: count, exactDuplicates: exact, nearDuplicates: near, alignedDuplicates: aligned ?? near,
        authenticity: 0.5),
      heldOut: .init(
        count: heldOut, exactDuplicates: 2, nearDuplicates: 8, alignedDuplicates: 20, authenticity: 0.5),
      copyingStatistic: nil)
  }

  /// One thing changed, and whether the verdict is due.
  struct Case: Sendable, CustomStringConvertible {
    let name: Verdict.Name
    let description: String
    let isGiven: Bool
    let change: @Sendable (inout VerdictEvidence) -> Void

    init(
      _ name: Verdict.Name, _ description: String, given isGiven: Bool,
      _ change: @escaping @Sendable (inout VerdictEvidence) -> Void
    ) {
      (self.name, self.description, self.isGiven, self.change) = (name, description, isGiven, change)
    }
  }

  private static func both(
    _ change: @escaping @Sendable (inout VerdictEvidence.OfJudge) -> Void
  ) -> @Sendable (inout VerdictEvidence) -> Void {
    { for index in $0.judges.indices { change(&$0.judges[index]) } }
  }

  private static func first(
    _ change: @escaping @Sendable (inout VerdictEvidence.OfJudge) -> Void
  ) -> @Sendable (inout VerdictEvidence) -> Void {
    { change(&$0.judges[0]) }
  }

  static let cases: [Case] = labelCases + diversityCases + likenessCases + imageCases + trustCases

  static let labelCases: [Case] = [
    // Mistakes of the judge fill the gap: a tenth of the label before.
    Case(
      .collapsed, "a label that is never drawn", given: true,
      both { $0.shares = shares([300, 333, 333, 34]) }),
    Case(.collapsed, "by one judge alone", given: false, first { $0.shares = shares([300, 333, 333, 34]) }),
    Case(
      .collapsed, "a label a little rarer", given: false, both { $0.shares = shares([255, 270, 275, 200]) }),
    Case(.collapsed, "none of a label among ten images", given: false) {
      $0.count = 10
      for index in $0.judges.indices { $0.judges[index].shares = shares([4, 3, 3, 0]) }
    },
    Case(
      .unbalanced, "a label a third as often", given: true, both { $0.shares = shares([290, 310, 300, 100]) }),
    Case(
      .unbalanced, "a label twice as often", given: true, both { $0.shares = shares([130, 190, 520, 160]) }),
    Case(
      .unbalanced, "by one judge alone", given: false, first { $0.shares = shares([290, 310, 300, 100]) }),
    Case(
      .unbalanced, "a label a fifth rarer", given: false, both { $0.shares = shares([265, 265, 265, 205]) }),
  ]

  static let diversityCases: [Case] = [
    Case(.repeatsItself, "every image ten times", given: true) { $0.repeats.own = share(1000) },
    Case(.repeatsItself, "one in fifty", given: true) { $0.repeats.own = share(20) },
    Case(.repeatsItself, "a pair", given: false) { $0.repeats.own = share(2) },
    Case(
      .repeatsItself, "good images like few real ones", given: true,
      both {
        ($0.recall.own, $0.coverage.own) = (0.1, 0.1)
      }),
    Case(
      .repeatsItself, "like few real ones by one judge", given: false,
      first {
        ($0.recall.own, $0.coverage.own) = (0.1, 0.1)
      }),
    Case(
      .repeatsItself, "covering half", given: false, both { ($0.recall.own, $0.coverage.own) = (0.5, 0.5) }),
    Case(
      .lowDiversity, "a label of half the diversity by one judge", given: true,
      first {
        $0.diversity[2] = (3.3, 5.8)
      }),
    Case(.lowDiversity, "a label a little poorer", given: false, both { $0.diversity[2] = (4, 5.8) }),
    Case(
      .lowDiversity, "a label that no judge can say anything of", given: false,
      both {
        $0.diversity[2] = (nil, 5.8)
      }),
    Case(.lowDiversity, "a label of next to no images", given: false) {
      $0.labelCounts = [320, 330, 10, 340]
      $0.judges[0].diversity[2] = (1.2, 5.8)
    },
    Case(.lowDiversity, "a label that was not asked for and is not there", given: false) {
      $0.labelCounts = nil
      // Misclassified images alone.
      $0.judges[0].shares = shares([333, 333, 60, 274])
      $0.judges[0].diversity[2] = (1.2, 5.8)
    },
  ]

  static let likenessCases: [Case] = [
    Case(
      .unlikeTheReal, "half of the images near none, by one judge", given: true,
      first {
        $0.precision.own = share(470)
      }),
    Case(.unlikeTheReal, "a few fewer near one", given: false, both { $0.precision.own = share(850) }),
    Case(.unlikeTheReal, "half of eight images", given: false) {
      $0.count = 8
      for index in $0.judges.indices { $0.judges[index].precision = (share(4, 8), share(8, 8)) }
    },
    // Both: apart, they would disagree.
    Case(.unlikeTheReal, "a distance far from the floor", given: true, both { $0.distance.value = 12 }),
    Case(.unlikeTheReal, "a distance a little above it", given: false, both { $0.distance.value = 3 }),
    Case(
      .unlikeTheReal, "a distance that errors explain", given: false,
      both {
        ($0.distance.value, $0.distance.error, $0.distance.floorError) = (12, 2, 2)
      }),
    Case(.memorizes, "training images", given: true) {
      $0.memorization = memorization(exact: 1000, near: 1000)
    },
    Case(.memorizes, "near copies alone", given: true) { $0.memorization = memorization(exact: 0, near: 40) },
    Case(.memorizes, "moved copies alone", given: true) {
      $0.memorization = memorization(exact: 0, near: 0, aligned: 40)
    },
    Case(.memorizes, "as many near copies as chance may bring", given: false) {
      $0.memorization = memorization(exact: 1, near: 5)
    },
    Case(.memorizes, "one near copy among fifty real images", given: false) {
      $0.memorization = memorization(exact: 0, near: 1, of: 50)
    },
    Case(.memorizes, "nothing to compare with", given: false) { $0.memorization = nil },
  ]

  static let imageCases: [Case] = [
    Case(.labelsIgnored, "accuracies of chance", given: true, both { $0.labelAccuracy?.own = share(255) }),
    Case(.labelsIgnored, "one judge above chance", given: false) {
      $0.judges[0].labelAccuracy?.own = share(255)
      $0.judges[1].labelAccuracy?.own = share(500)
    },
    Case(
      .labelsIgnored, "two of five images", given: false,
      both {
        $0.labelAccuracy = (share(3, 5), share(9000, 10_000))
      }),
    Case(.labelsIgnored, "no labels asked for", given: false, both { $0.labelAccuracy = nil }),
    Case(.wrongContrast, "too bright", given: true) { $0.brightness.own = 0.41 },
    Case(.wrongContrast, "a little brighter", given: false) { $0.brightness.own = 0.39 },
    Case(.wrongContrast, "a few bright images", given: false) { ($0.count, $0.brightness.own) = (20, 0.41) },
    Case(.wrongContrast, "twice the contrast", given: true) { $0.contrast.own = 0.7 },
    Case(.wrongContrast, "half the contrast", given: true) { $0.contrast.own = 0.17 },
    Case(.wrongContrast, "clamped pixels", given: true) { $0.clampedShare = 0.01 },
    Case(.wrongContrast, "an outlier clamped", given: false) { $0.clampedShare = 0.0005 },
  ]

  static let trustCases: [Case] = [
    Case(
      .tooFewSamples, "a distance whose error reaches down to the floor", given: true,
      both {
        ($0.distance.value, $0.distance.error) = (20, 10)
      }),
    Case(
      .tooFewSamples, "a distance whose error does not reach the floor", given: false,
      both {
        ($0.distance.value, $0.distance.error) = (20, 8)
      }),
    Case(
      .tooFewSamples, "a distance of zero", given: false,
      both {
        ($0.distance.value, $0.distance.error) = (-1e-12, 1e-6)
      }),
    Case(
      .tooFewSamples, "near the floor with a large error", given: false,
      both {
        ($0.distance.value, $0.distance.error) = (2.2, 1.5)
      }),
    Case(.judgesDisagree, "far less agreement than on real images", given: true) {
      $0.agreement.own = share(700)
    },
    Case(.judgesDisagree, "a little less agreement", given: false) { $0.agreement.own = share(800) },
    Case(.judgesDisagree, "seven of ten images", given: false) {
      $0.count = 10
      $0.agreement.own = share(7, 10)
    },
    Case(.judgesDisagree, "one near the floor, one half way", given: true, first { $0.distance.value = 6.5 }),
    Case(.judgesDisagree, "both half way", given: false, both { $0.distance.value = 6.5 }),
    Case(.judgesDisagree, "one alone", given: false) {
      $0.judges.removeLast()
      $0.agreement.own = share(700)
    },
  ]

  @Test(arguments: cases) func isGivenWhereItIsDueAndOnlyThere(_ test: Case) {
    var evidence = Self.ordinary
    test.change(&evidence)
    let names = VerdictCatalog.verdicts(on: evidence).map(\.name)
    #expect(names == (test.isGiven ? [test.name] : []), "\(VerdictCatalog.verdicts(on: evidence))")
  }

  @Test func ordinaryImagesGetNone() {
    var evidence = Self.ordinary
    evidence.count = 1600
    let findings = VerdictCatalog.findings(on: evidence)
    #expect(findings.given.isEmpty && findings.withheld.isEmpty)
    #expect(findings.absent.map(\.name) == VerdictCatalog.all.map(\.name))
    #expect(findings.absent.allSatisfy { !$0.detail.isEmpty })
  }

  @Test(arguments: VerdictCatalog.all.map(\.name)) func everyVerdictIsSeenBothWays(_ name: Verdict.Name) {
    let cases = Self.cases.filter { $0.name == name }
    #expect(
      cases.contains(where: \.isGiven) && cases.contains { !$0.isGiven }, "\(name) has no pair of cases")
  }

  @Test func theCatalogueHasEveryVerdictOnImagesOnce() {
    let ofAttacks: Set<Verdict.Name> = [.falseWin, .notTrusted]
    #expect(VerdictCatalog.all.map(\.name) == Verdict.Name.allCases.filter { !ofAttacks.contains($0) })
  }

  @Test func theEvidenceIsNamed() {
    var evidence = Self.ordinary
    for index in evidence.judges.indices { evidence.judges[index].shares = Self.shares([0, 450, 500, 50]) }
    let verdicts = VerdictCatalog.verdicts(on: evidence)
    let detail = verdicts.first?.detail ?? ""
    #expect(verdicts.map(\.name) == [.collapsed], "\(verdicts)")
    #expect(
      detail.hasPrefix("2 of 4 labels are drawn; a ") && detail.contains(", d 0.0 % (0.0–"), "\(detail)")
  }

  // MARK: - Too few images

  @Test func verdictsAreWithheldBelowTheirCount() {
    func names(_ count: Int) -> [Verdict.Name] {
      var evidence = Self.ordinary
      evidence.count = count
      return VerdictCatalog.findings(on: evidence).withheld.map(\.name)
    }
    #expect(
      names(10) == VerdictCatalog.all.map(\.name), "\(names(10))")
    #expect(names(100) == [.collapsed, .unbalanced, .lowDiversity])
    #expect(names(1599) == [.unbalanced])
    #expect(names(1600).isEmpty)
    var evidence = Self.ordinary
    evidence.count = 20
    #expect(
      VerdictCatalog.findings(on: evidence).withheld.first?.detail == "20 images; 120 are needed")
    evidence = Self.ordinary
    evidence.repeats.real = Proportion(correct: 0, count: 110)
    let few = VerdictCatalog.findings(on: evidence).withheld
    #expect(few.map(\.name) == [.collapsed, .unbalanced, .lowDiversity])
    #expect(few.first?.detail == "110 real images; 120 are needed")
  }

  /// Where a few images are enough, they are.
  @Test func aFlagrantCaseNeedsFewImages() {
    var evidence = Self.ordinary
    evidence.count = 60
    for index in evidence.judges.indices { evidence.judges[index].shares = Self.shares([0, 54, 6, 0]) }
    #expect(VerdictCatalog.findings(on: evidence).given.map(\.name).contains(.collapsed))
  }
}
