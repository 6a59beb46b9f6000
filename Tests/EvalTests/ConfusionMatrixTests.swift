import Eval
import Testing

struct ConfusionMatrixTests {
  static let labels = ["T-shirt/top", "Trouser", "Pullover", "Shirt", "Bag"]
  static let trueLabels = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 3, 0, 2, 1]
  static let predictions = [0, 0, 2, 1, 1, 1, 2, 2, 2, 0, 2, 0, 0, 2, 2, 0]

  static let example = ConfusionMatrix(labels: labels, trueLabels: trueLabels, predictions: predictions)

  @Test func countsTrueLabelsInRows() {
    #expect(
      Self.example.matrix == [
        [2, 1, 2, 0, 0],
        [1, 2, 1, 0, 0],
        [2, 0, 4, 0, 0],
        [1, 0, 0, 0, 0],
        [0, 0, 0, 0, 0],
      ])
    #expect(Self.example.labels == Self.labels)
    #expect(Self.example.accuracy == Proportion(correct: 8, count: 16))
  }

  // MARK: - Classes

  /// By hand from the definitions of scikit-learn's `precision_recall_fscore_support(zero_division=0)`. No
  /// image is predicted a shirt, and no image is or is predicted a bag.
  @Test func reportsPerClass() {
    let expected: [(precision: Double, recall: Double, f1: Double, support: Int)] = [
      (2 / 6, 2 / 5, 4 / 11, 5),
      (2 / 3, 2 / 4, 4 / 7, 4),
      (4 / 7, 4 / 6, 8 / 13, 6),
      (0, 0, 0, 1),
      (0, 0, 0, 0),
    ]
    let reports = Self.example.perClass
    #expect(reports.map(\.label) == Self.labels)
    for (report, expected) in zip(reports, expected) {
      #expect(report.precision == expected.precision)
      #expect(report.recall == expected.recall)
      #expect(report.f1 == expected.f1)
      #expect(report.support == expected.support)
    }
  }

  @Test func f1IsTheHarmonicMean() {
    for report in Self.example.perClass where report.precision + report.recall > 0 {
      let mean = 2 * report.precision * report.recall / (report.precision + report.recall)
      #expect(abs(report.f1 - mean) < 1e-15)
    }
  }

  @Test func perfectPredictions() {
    let perfect = ConfusionMatrix(labels: ["a", "b"], trueLabels: [0, 1, 1], predictions: [0, 1, 1])
    #expect(perfect.accuracy.value == 1)
    #expect(perfect.perClass.allSatisfy { $0.precision == 1 && $0.recall == 1 && $0.f1 == 1 })
    #expect(perfect.mostConfused(10).isEmpty)
  }

  @Test func orderOfImagesDoesNotMatter() {
    let reversed = ConfusionMatrix(
      labels: Self.labels, trueLabels: Self.trueLabels.reversed(), predictions: Self.predictions.reversed())
    #expect(reversed == Self.example)
  }

  @Test func swappingTruthAndPredictionSwapsPrecisionAndRecall() {
    let swapped = ConfusionMatrix(
      labels: Self.labels, trueLabels: Self.predictions, predictions: Self.trueLabels)
    #expect(swapped.accuracy == Self.example.accuracy)
    #expect(swapped.perClass.map(\.precision) == Self.example.perClass.map(\.recall))
    #expect(swapped.perClass.map(\.f1) == Self.example.perClass.map(\.f1))
    #expect(swapped.mostConfused(10).map(\.forward) == Self.example.mostConfused(10).map(\.backward))
  }

  @Test func renumberingTheLabelsRenumbersTheReports() {
    let order = [3, 0, 4, 2, 1]
    var labels = Self.labels
    for (old, new) in order.enumerated() { labels[new] = Self.labels[old] }
    let renumbered = ConfusionMatrix(
      labels: labels, trueLabels: Self.trueLabels.map { order[$0] },
      predictions: Self.predictions.map { order[$0] })
    #expect(renumbered.accuracy == Self.example.accuracy)
    for (old, new) in order.enumerated() {
      #expect(renumbered.perClass[new] == Self.example.perClass[old])
    }
  }

  // MARK: - Pairs

  @Test func mostConfusedPairsFirst() {
    typealias Confusion = ConfusionMatrix.Confusion
    let pairs = Self.example.mostConfused(10)
    #expect(
      pairs.map { [$0.first, $0.second] } == [
        ["T-shirt/top", "Pullover"], ["T-shirt/top", "Trouser"],
        // Equal counts, in the order of the labels.
        ["T-shirt/top", "Shirt"], ["Trouser", "Pullover"],
      ])
    #expect(pairs.map(\.forward) == [2, 1, 0, 1])
    #expect(pairs.map(\.backward) == [2, 1, 1, 0])
    #expect(pairs.map(\.count) == [4, 2, 1, 1])
    #expect(Self.example.mostConfused(2) == Array(pairs.prefix(2)))
    #expect(Self.example.mostConfused(0).isEmpty)
  }

  // MARK: - Joined labels

  @Test func mergingAddsRowsAndColumns() {
    let merged = Self.example.merging([[3, 0]])
    #expect(merged.labels == ["T-shirt/top+Shirt", "Trouser", "Pullover", "Bag"])
    #expect(
      merged.matrix == [
        [3, 1, 2, 0],
        [1, 2, 1, 0],
        [2, 0, 4, 0],
        [0, 0, 0, 0],
      ])
    #expect(merged.accuracy == Proportion(correct: 9, count: 16))
  }

  /// Joining labels afterwards is the same as counting with joined labels.
  @Test func mergingEqualsCountingWithJoinedLabels() {
    let class_ = [0, 1, 2, 0, 1]
    let counted = ConfusionMatrix(
      labels: ["T-shirt/top+Shirt", "Trouser+Bag", "Pullover"],
      trueLabels: Self.trueLabels.map { class_[$0] }, predictions: Self.predictions.map { class_[$0] })
    #expect(Self.example.merging([[0, 3], [1, 4]]) == counted)
    #expect(Self.example.merging([[4, 1], [3, 0]]) == counted)
  }

  @Test func mergingNothingAndEverything() {
    #expect(Self.example.merging([]) == Self.example)
    #expect(Self.example.merging([[], [2]]) == Self.example)
    let one = Self.example.merging([[0, 1, 2, 3, 4]])
    #expect(one.matrix == [[16]])
    #expect(one.accuracy.value == 1)
  }

  @Test func overlappingGroupsAndBadIndicesTrap() async {
    await #expect(processExitsWith: .failure) { _ = Self.example.merging([[0, 1], [1, 2]]) }
    await #expect(processExitsWith: .failure) { _ = Self.example.merging([[0, 5]]) }
    await #expect(processExitsWith: .failure) {
      _ = ConfusionMatrix(labels: ["a"], trueLabels: [0], predictions: [1])
    }
    await #expect(processExitsWith: .failure) {
      _ = ConfusionMatrix(labels: ["a"], trueLabels: [], predictions: [])
    }
    await #expect(processExitsWith: .failure) {
      _ = ConfusionMatrix(labels: ["a"], trueLabels: [0], predictions: [0, 0])
    }
  }

  // MARK: - Groups in words

  @Test(arguments: [
    ("T-shirt/top+Shirt", [0, 3]), ("shirt+T-SHIRT/TOP", [3, 0]), (" Bag + trouser+Pullover ", [4, 1, 2]),
  ])
  func readsAGroup(text: String, group: [Int]) throws {
    #expect(try ConfusionMatrix.mergeGroup(text, labels: Self.labels) == group)
  }

  @Test func theExactLabelGoesFirst() throws {
    #expect(try ConfusionMatrix.mergeGroup("b+B", labels: ["a", "B", "b"]) == [2, 1])
  }

  @Test(arguments: [
    ("Shirt+Hat", "\"Hat\""), ("Shirt", "only one"), ("", "\"\""), ("Shirt+", "\"\""), ("+", "\"\""),
    ("Shirt+shirt", "\"Shirt\" twice"), ("Shirt,Bag", "\"Shirt,Bag\""),
  ])
  func refusesABadGroup(text: String, found: String) {
    let known = #""T-shirt/top", "Trouser", "Pullover", "Shirt", "Bag""#
    let expected = "at least two different labels of \(known) with + between them"
    let error = #expect(throws: MergeGroupError.self) {
      try ConfusionMatrix.mergeGroup(text, labels: Self.labels)
    }
    #expect(error?.description == "labels \"\(text)\": expected \(expected), found \(found)")
  }

  @Test func readsGroupsThatDoNotOverlap() throws {
    let groups = try ConfusionMatrix.mergeGroups(["Shirt+T-shirt/top", "Bag+Trouser"], labels: Self.labels)
    #expect(groups == [[3, 0], [4, 1]])
    let error = #expect(throws: MergeGroupError.self) {
      try ConfusionMatrix.mergeGroups(["Shirt+Bag", "Trouser+shirt"], labels: Self.labels)
    }
    #expect(
      error?.description
        == "labels \"Trouser+shirt\": expected labels that no other group has, found \"Shirt\" again")
  }
}
