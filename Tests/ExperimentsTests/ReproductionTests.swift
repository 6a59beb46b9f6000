import Autograd
import Datasets
import Eval
import Experiments
import Files
import Foundation
import Generators
import Kernels
import TestSupport
import Testing

/// The rows of the reports, what is made of evidence, and a reproduction that is stopped and goes on.
@Suite struct ReproductionTests {
  @Test func thereAreThirtyRowsAndSevenVariants() {
    let ids = PublishedRows.all.map(\.id)
    #expect(ids.count == 37 && Set(ids).count == 37)
    #expect(ids.filter { $0.hasPrefix("G1") }.count == 8)
    #expect(PublishedRows.named("g1C")?.id == "G1c")
    #expect(PublishedRows.named("b10")?.title == "deep regret analytic GAN")
    #expect(PublishedQuestion.all.flatMap(\.rows).allSatisfy { PublishedRows.named($0) != nil })
    // The lengths of the reports (§IV-B of the first, the tables of the others).
    let lengths = ["B1": "50 epochs", "D1": "100 epochs", "D4": "250 epochs", "E1": "100000 steps"]
    for (id, length) in lengths { #expect(PublishedRows.named(id)?.length == length) }
  }

  // MARK: - Claims

  private func evidence(
    _ row: String, done: Double = 1, _ change: (inout RowEvidence) -> Void
  ) throws -> RowEvidence {
    var evidence = RowEvidence(try #require(PublishedRows.named(row)))
    evidence.reached = .init(done: done, total: 1, unit: "epochs")
    change(&evidence)
    return evidence
  }

  private func outcomes(_ row: String, _ evidence: RowEvidence) throws -> [PublishedClaim.Outcome] {
    try #require(PublishedRows.named(row)).claims.map { $0.finding(evidence).outcome }
  }

  @Test(arguments: [(8803, true), (8650, false), (9100, false)])
  func anAccuracyIsTheOneThatWasPublished(_ correct: Int, _ holds: Bool) throws {
    let evidence = try evidence("A1") {
      $0.accuracies["test images"] = Proportion(correct: correct, count: 10_000)
    }
    #expect(try outcomes("A1", evidence) == [holds ? .holds : .fails])
  }

  /// Before the end nothing holds and nothing fails.
  @Test func aClaimOnTheEndIsOpenUntilThen() throws {
    let evidence = try evidence("A1", done: 0.5) {
      $0.accuracies["test images"] = Proportion(correct: 10, count: 10_000)
    }
    #expect(try outcomes("A1", evidence) == [.open])
    #expect(try outcomes("B1", try self.evidence("B1") { _ in }) == [.open, .open, .open])
  }

  /// Twenty intervals from the first losses to the last, straight.
  private func losses(_ discriminator: (Double, Double), _ generator: (Double, Double))
    -> [TrainingJournal.Record]
  {
    (0..<20).map { index in
      func at(_ ends: (Double, Double)) -> Double { ends.0 + (ends.1 - ends.0) * Double(index) / 19 }
      return .init(
        step: 100 * (index + 1),
        losses: Losses(["discriminator": at(discriminator), "generator": at(generator)]))
    }
  }

  @Test func lossesThatDivergeDoNotStayInBalance() throws {
    for (diverging, isBalanced) in [((0.7, 0.2), false), ((0.2, 0.7), true)] {
      let own = losses(diverging, (0.8, 0.9))
      let gan = try evidence("B1") { $0.losses = own }
      #expect(try outcomes("B1", gan)[1] == (isBalanced ? .fails : .holds))
      let wgan = try evidence("B7") { $0.losses = own }
      #expect(try outcomes("B7", wgan)[1] == (isBalanced ? .holds : .fails))
    }
  }

  @Test func aColumnHoldsTheLabelThatMostOfItsImagesShow() throws {
    func asked(_ isCommonest: Bool) -> [RowEvidence.AskedLabel] {
      [
        .init(label: "Bag", share: Proportion(correct: 60, count: 100), isCommonest: true),
        .init(label: "Coat", share: Proportion(correct: 40, count: 100), isCommonest: isCommonest),
      ]
    }
    for isCommonest in [true, false] {
      var evidence = try evidence("B2") { $0.askedLabels = asked(isCommonest) }
      let claim = try #require(PublishedRows.named("B2")?.claims.last)
      evidence.repeats = [
        .init(seed: 2, isComplete: true, accuracy: nil, distance: nil, askedLabels: asked(true)),
        .init(seed: 3, isComplete: true, accuracy: nil, distance: nil, askedLabels: asked(false)),
      ]
      let finding = claim.finding(evidence)
      #expect(finding.found.hasSuffix("(seed 2: 100; seed 3: 100, Coat)"))
      #expect(finding.outcome == (isCommonest ? .holds : .fails))
      #expect(finding.found.contains("100 of 200"))
      #expect(finding.found.contains("else: Coat") == !isCommonest)
    }
  }

  @Test func aQuestionIsOpenWhereARowWasNotRun() throws {
    let question = try #require(PublishedQuestion.all.first { $0.rows == ["D2", "D3", "D4"] })
    var rows: [String: RowEvidence] = [:]
    #expect(question.finding(rows).found == "not run: D2, D3, D4")
    for (row, correct) in [("D2", 10), ("D3", 90), ("D4", 20)] {
      rows[row] = try evidence(row) {
        $0.askedLabels = [
          .init(label: "Sandal", share: Proportion(correct: correct, count: 100), isCommonest: true)
        ]
      }
    }
    #expect(question.finding(rows).outcome == .holds)
    rows["D4"] = rows["D3"]
    #expect(question.finding(rows).outcome == .fails)
    rows["D4"]?.reached = .init(done: 1, total: 2, unit: "epochs")
    #expect(question.finding(rows).outcome == .open)
  }

  /// The committed one, with another number of images and what else is changed.
  private static func evidenceOfD1(
    count: Int, _ change: (inout [String: Any]) -> Void = { _ in }
  ) throws -> RowEvidence {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let data = try Data(
      contentsOf: root.appendingPathComponent("docs/results/reproduction/D1/evidence.json"))
    var own = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    var score = try #require(own["score"] as? [String: Any])
    score["count"] = count
    own["score"] = score
    change(&own)
    return try JSON.value(RowEvidence.self, from: JSONSerialization.data(withJSONObject: own))
  }

  /// The evidence of one row in the place of four, with other counts.
  @Test func distancesOfDifferentNumbersOfImagesAreNotCompared() throws {
    let question = try #require(PublishedQuestion.all.first { $0.rows == ["D1", "D2", "D3", "D4"] })
    func rows(_ counts: [Int]) throws -> [String: RowEvidence] {
      var rows: [String: RowEvidence] = [:]
      for (row, count) in zip(question.rows, counts) { rows[row] = try Self.evidenceOfD1(count: count) }
      return rows
    }
    #expect(question.finding(try rows([10_000, 10_000, 10_000, 10_000])).outcome == .fails)
    let finding = question.finding(try rows([10_000, 2000, 2000, 2000]))
    #expect(finding.outcome == .open)
    #expect(finding.found.contains("different numbers of images") && finding.found.contains("D2 2000"))
  }

  @Test func aLossIsStuckFromAStepOnToTheEnd() throws {
    let coin = (discriminator: 2 * log(2.0), generator: log(2.0))
    func records(_ stuck: Range<Int>) -> [TrainingJournal.Record] {
      (0..<20).map { index in
        let isStuck = stuck.contains(index)
        return .init(
          step: 100 * index,
          losses: Losses([
            "discriminator": isStuck ? coin.discriminator : 1, "generator": isStuck ? coin.generator : 2,
          ]))
      }
    }
    let stuck = try evidence("G1b") { $0.losses = records(5..<20) }
    #expect(stuck.stuckSince == 500)
    #expect(try outcomes("G1b", stuck) == [.holds])
    let passing = try evidence("G1b") { $0.losses = records(5..<19) }
    #expect(passing.stuckSince == nil)
    #expect(try outcomes("G1b", passing) == [.fails])
    let running = try evidence("G1d") { $0.losses = losses((-1, -900), (1, 800)) }
    #expect(try outcomes("G1d", running) == [.holds])
    #expect(try outcomes("G1d", try evidence("G1d") { $0.losses = losses((1, 0.5), (1, 2)) }) == [.fails])
  }

  // MARK: - Sittings

  /// Draws nothing, and counts.
  private final class Counting: ReproductionDrawing {
    var snapshots = 0
    func snapshot(of trainer: GeneratorTrainer, testImages: LabeledImages, in run: RunFolder) {
      snapshots += 1
    }
    func draw(_ subject: ReproductionSubject, to folder: String) -> [RowEvidence.Picture] { [] }
  }

  /// Images of noise with the labels 0, 1, …, 9, 0, …
  private func images(_ count: Int, _ split: Split) -> LabeledImages {
    let key = Key(seed: split == .train ? 1 : 2)
    return LabeledImages(
      name: "noise", split: split, height: 28, width: 28,
      pixels: (0..<count * 784).map { UInt8(truncatingIfNeeded: key.word($0)) },
      labels: (0..<count).map { UInt8($0 % 10) }, labelNames: (0..<10).map(String.init))
  }

  private func reproduction(in folder: String, _ row: String) throws -> Reproduction {
    var reproduction = Reproduction(
      [try #require(PublishedRows.named(row))], training: images(64, .train), test: images(20, .test),
      runs: "\(folder)/runs", pages: "\(folder)/pages")
    reproduction.count = 20
    return reproduction
  }

  /// Two sittings, the first of which is interrupted, come to what one does, but for the clock.
  @Test func aRowThatWasInterruptedGoesOn() throws {
    func evidence(interruptedAfter steps: Int?) throws -> RowEvidence {
      try withTemporaryFolder { folder in
        let reproduction = try reproduction(in: folder, "A1")
        if let steps {
          var asked = 0
          #expect(throws: TrainingInterrupted.self) {
            try reproduction.run(
              drawing: Counting(),
              isInterrupted: {
                asked += 1
                return asked > steps
              })
          }
          #expect(try reproduction.evidence().isEmpty)
        }
        try reproduction.run(drawing: Counting())
        var evidence = try #require(try reproduction.evidence()["A1"])
        #expect(evidence.isComplete && evidence.seconds > 0)
        (evidence.seconds, evidence.commands) = (0, [])
        return evidence
      }
    }
    let (whole, stopped) = (try evidence(interruptedAfter: nil), try evidence(interruptedAfter: 5))
    #expect(try JSON.text(whole) == JSON.text(stopped))
  }

  /// What was measured of the first seed is there while the second is trained.
  @Test func aRowStoppedInItsSecondSeedKeepsTheFirst() throws {
    try withTemporaryFolder { folder in
      let reproduction = try reproduction(in: folder, "A1")
      let second = RunFolder(path: "\(reproduction.runs)/A1-seed-2")
      #expect(throws: TrainingInterrupted.self) {
        try reproduction.run(drawing: Counting(), isInterrupted: { second.holdsState })
      }
      let evidence = try #require(try reproduction.evidence()["A1"])
      #expect(evidence.isComplete && evidence.repeats.isEmpty)
    }
  }

  @Test func evidenceOnOtherImagesIsRefused() throws {
    try withTemporaryFolder { folder in
      let own = try reproduction(in: folder, "A1")
      try own.run(drawing: Counting())
      var other = Reproduction(
        own.rows, training: images(60, .train), test: own.test, runs: own.runs, pages: own.pages)
      other.count = own.count
      let error = #expect(throws: FileError.self) { try other.run(drawing: Counting()) }
      #expect("\(try #require(error))".contains("A1/evidence.json: expected evidence on the images"))
    }
  }

  /// A new training would take the place of what was measured of the one that is gone.
  @Test func anUnfinishedRowWhoseTrainingIsGoneIsRefused() throws {
    try withTemporaryFolder { folder in
      let reproduction = try reproduction(in: folder, "A1")
      try reproduction.run(drawing: Counting())
      let path = "\(folder)/pages/A1/evidence.json"
      let whole = String(decoding: try AtomicFile.read(path), as: UTF8.self)
      let part = whole.replacing("\"done\" : 10", with: "\"done\" : 4")
        .replacing("\"done\":10", with: "\"done\":4")
      try #require(part != whole)
      try AtomicFile.write(part, to: path)
      try FileManager.default.removeItem(atPath: reproduction.runs)
      let error = #expect(throws: FileError.self) { try reproduction.run(drawing: Counting()) }
      #expect("\(try #require(error))".contains("A1/evidence.json tells of 4 epochs"))
      #expect(try AtomicFile.read(path) == Data(part.utf8))
    }
  }

  /// More images than a row was judged by are drawn and judged; fewer change nothing.
  @Test func aRowIsJudgedAnewByMoreImages() throws {
    func count(_ evidence: RowEvidence, _ asked: Int) -> Bool { evidence.isJudgedByFewer(than: asked) }
    let scored = try Self.evidenceOfD1(count: 2000)
    #expect(count(scored, 10_000) && !count(scored, 2000) && !count(scored, 100))
    #expect(!count(try evidence("A1") { _ in }, 10_000))
    let farther = try Self.evidenceOfD1(count: 2000) { $0["repeats"] = [["seed": 2, "is_complete": true]] }
    #expect(scored.isBehind(farther) && !farther.isBehind(scored) && !scored.isBehind(scored))
  }

  /// The short rows are trained by three seeds, whose accuracies scatter.
  @Test func aShortRowIsTrainedByThreeSeeds() throws {
    try withTemporaryFolder { folder in
      let reproduction = try reproduction(in: folder, "A1")
      try reproduction.run(drawing: Counting())
      let evidence = try #require(try reproduction.evidence()["A1"])
      #expect(evidence.repeats.map(\.seed) == [2, 3] && evidence.repeats.allSatisfy(\.isComplete))
      let own = [evidence.accuracies["test images"]] + evidence.repeats.map(\.accuracy)
      #expect(evidence.accuracySpread == TrainingSpread(own.compactMap { $0?.value }))
      #expect(evidence.distanceSpread == nil)
    }
    #expect(
      PublishedRows.all.filter { !$0.otherSeeds.isEmpty }.map(\.id).prefix(4) == ["A1", "A2", "D1", "E1"])
  }

  @Test func whatIsCompleteIsNotRunAgain() throws {
    try withTemporaryFolder { folder in
      let reproduction = try reproduction(in: folder, "A1")
      var runs = 0
      for _ in 0..<2 { try reproduction.run(drawing: Counting(), finished: { _, _ in runs += 1 }) }
      #expect(runs == 1)
    }
  }

  /// A file that another hand has edited.
  @Test func evidenceThatCannotBeIsNamedByItsField() throws {
    try withTemporaryFolder { folder in
      let reproduction = try reproduction(in: folder, "A1")
      try reproduction.run(drawing: Counting())
      let path = "\(folder)/pages/A1/evidence.json"
      let whole = try AtomicFile.read(path)
      let endless: [String: Any] = [
        "label": "Bag", "share": ["correct": 1, "count": Int.max], "is_commonest": true,
      ]
      let edits: [(key: String, value: Any, field: String)] = [
        ("seconds", 1e300, "seconds"), ("reached", ["done": 1, "total": 1e300, "unit": "epochs"], "reached"),
        ("reached", ["done": 1, "total": 2, "unit": "epochs\n# Not so"], "reached.unit"),
        ("figures", ["images": 1e300], "figures[\"images\"]"),
        ("commands", ["eval dataset", "```\n# Not a command"], "commands[1]"),
        ("commands", ["eval dataset; rm x"], "commands[0]"),
        ("losses", [["step": 1, "losses": ["names": ["a", "b"], "values": [1]]]], "losses[0]"),
        ("pictures", [["file": "../../mine.png", "caption": ""]], "pictures[0].file"),
        ("asked_labels", [endless], "asked_labels[0].share.count"),
        (
          "repeats", [["seed": 2, "is_complete": true, "asked_labels": [endless]]],
          "repeats[0].asked_labels[0]"
        ),
      ]
      for edit in edits {
        var object = try #require(try JSONSerialization.jsonObject(with: whole) as? [String: Any])
        object[edit.key] = edit.value
        try AtomicFile.write(try JSONSerialization.data(withJSONObject: object), to: path)
        let error = #expect(throws: FileError.self) { try reproduction.evidence() }
        #expect("\(try #require(error))".contains(edit.field))
      }
    }
  }

  @Test func whatIsNoEvidenceIsNamed() throws {
    try withTemporaryFolder { folder in
      let reproduction = try reproduction(in: folder, "A1")
      let path = "\(folder)/pages/A1/evidence.json"
      try AtomicFile.write("{}", to: path)
      let error = #expect(throws: FileError.self) { try reproduction.run(drawing: Counting()) }
      #expect("\(try #require(error))".contains(path))
    }
  }
}
