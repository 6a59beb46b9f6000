import Eval
import Testing

/// Every verdict is seen given and not given, on figures made for it.
@Suite struct VerdictTests {
  /// Of images that nothing is amiss with: 1000 of four labels, two judges.
  static let ordinary = VerdictEvidence(
    count: 1000, labelNames: ["a", "b", "c", "d"],
    histograms: [[250, 250, 250, 250], [240, 260, 255, 245]],
    diversity: [[(5, 5), (4, 4.2), (6, 5.8), (5, 5)], [(3, 3), (3, 3), (3, 3.3), (3, 3)]],
    memorization: memorization(exact: 1, near: 5),
    labelAccuracies: [Proportion(correct: 900, count: 1000), Proportion(correct: 880, count: 1000)],
    brightness: (0.3, 0.3), contrast: (0.35, 0.35), dimension: 16,
    frechetDistance: MetricFigure(2, standardError: 0.05), agreement: (0.9, 0.92))

  static func memorization(exact: Int, near: Int, of count: Int = 1000) -> Memorization {
    Memorization(
      generated: .init(count: count, exactDuplicates: exact, nearDuplicates: near, authenticity: 0.5),
      heldOut: .init(count: 1000, exactDuplicates: 1, nearDuplicates: 5, authenticity: 0.5),
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

  static let cases: [Case] = [
    Case(.collapsed, "a label that neither judge sees", given: true) {
      $0.histograms = [[334, 333, 333, 0], [330, 336, 333, 1]]
    },
    Case(.collapsed, "a label that one judge sees", given: false) {
      $0.histograms = [[334, 333, 333, 0], [250, 250, 250, 250]]
    },
    Case(.collapsed, "a label just below a fifth of its part", given: true) {
      $0.histograms = [[300, 300, 351, 49], [300, 300, 351, 49]]
    },
    Case(.collapsed, "a label of a fifth of its part", given: false) {
      $0.histograms = [[300, 300, 350, 50], [300, 300, 350, 50]]
    },
    Case(.lowDiversity, "a label of half the diversity by both", given: true) {
      $0.diversity[0][2] = (3.3, 5.8)
      $0.diversity[1][2] = (2.1, 3.3)
    },
    Case(.lowDiversity, "a label of half the diversity by one", given: false) {
      $0.diversity[0][2] = (3.3, 5.8)
    },
    Case(.lowDiversity, "a label that no judge can say anything of", given: false) {
      $0.diversity[0][2] = (nil, 5.8)
      $0.diversity[1][2] = (nil, 3.3)
    },
    Case(.memorizes, "training images", given: true) {
      $0.memorization = memorization(exact: 1000, near: 1000)
    },
    Case(.memorizes, "near copies alone", given: true) { $0.memorization = memorization(exact: 1, near: 40) },
    Case(.memorizes, "as many near copies as chance may bring", given: false) {
      $0.memorization = memorization(exact: 2, near: 12)
    },
    Case(.memorizes, "nothing to compare with", given: false) { $0.memorization = nil },
    Case(.labelsIgnored, "accuracies of chance", given: true) {
      $0.labelAccuracies = [Proportion(correct: 250, count: 1000), Proportion(correct: 262, count: 1000)]
    },
    Case(.labelsIgnored, "one judge above chance", given: false) {
      $0.labelAccuracies = [Proportion(correct: 250, count: 1000), Proportion(correct: 500, count: 1000)]
    },
    Case(.labelsIgnored, "no labels asked for", given: false) { $0.labelAccuracies = [] },
    Case(.wrongContrast, "too bright", given: true) { $0.brightness.own = 0.41 },
    Case(.wrongContrast, "a little brighter", given: false) { $0.brightness.own = 0.39 },
    Case(.wrongContrast, "twice the contrast", given: true) { $0.contrast.own = 0.7 },
    Case(.wrongContrast, "half the contrast", given: true) { $0.contrast.own = 0.17 },
    Case(.wrongContrast, "clamped pixels", given: true) { $0.clampedShare = 0.01 },
    Case(.wrongContrast, "an outlier clamped", given: false) { $0.clampedShare = 0.0005 },
    Case(.tooFewSamples, "fewer than ten for each number", given: true) { $0.dimension = 101 },
    Case(.tooFewSamples, "ten for each number", given: false) { $0.dimension = 100 },
    Case(.tooFewSamples, "an uncertain distance", given: true) {
      $0.frechetDistance = MetricFigure(2, standardError: 0.3)
    },
    Case(.judgesDisagree, "far less agreement than on real images", given: true) { $0.agreement.own = 0.7 },
    Case(.judgesDisagree, "a little less agreement", given: false) { $0.agreement.own = 0.8 },
  ]

  @Test(arguments: cases) func isGivenWhereItIsDueAndOnlyThere(_ test: Case) {
    var evidence = Self.ordinary
    test.change(&evidence)
    let names = VerdictCatalog.verdicts(on: evidence).map(\.name)
    #expect(names == (test.isGiven ? [test.name] : []), "\(names)")
  }

  @Test func ordinaryImagesGetNone() { #expect(VerdictCatalog.verdicts(on: Self.ordinary).isEmpty) }

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
    evidence.histograms = [[0, 500, 500, 0], [0, 500, 500, 0]]
    #expect(
      VerdictCatalog.verdicts(on: evidence).first?.detail == "2 of 4 labels are drawn; a 0.0 %, d 0.0 %")
  }

  // MARK: - Too few images

  @Test func verdictsAreWithheldBelowTheirCount() {
    func names(_ count: Int, _ labels: Int = 10) -> [Verdict.Name] {
      VerdictCatalog.withheld(imageCount: count, labelCount: labels).map(\.name)
    }
    #expect(names(20) == [.collapsed, .lowDiversity, .judgesDisagree])
    #expect(names(100) == [.lowDiversity] && names(199) == [.lowDiversity] && names(200).isEmpty)
    #expect(names(100, 47) == [.collapsed, .lowDiversity])
    #expect(
      VerdictCatalog.withheld(imageCount: 20, labelCount: 10).first?.detail == "20 images; 100 are needed")
  }

  @Test func whatIsWithheldIsNotGiven() {
    var evidence = Self.ordinary
    (evidence.count, evidence.dimension) = (20, 2)
    evidence.histograms = [[20, 0, 0, 0], [20, 0, 0, 0]]
    evidence.agreement.own = 0
    evidence.frechetDistance = MetricFigure(2, standardError: 0)
    #expect(VerdictCatalog.verdicts(on: evidence).isEmpty)
  }
}
