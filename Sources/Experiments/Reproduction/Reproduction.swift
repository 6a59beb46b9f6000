import Classifier
import Cluster
import Datasets
import Eval
import Files
import FoundationEssentials
import Generators

/// Runs what the source reports describe, row by row, and keeps what was measured.
///
/// The states of the trainings lie in ``runs``, a folder for each row; the evidence and the pictures in
/// ``pages``, likewise. A row that is complete is not run again; a training goes on from its state, whether
/// the last sitting ended by its budget, a signal or a kill. The shortest rows come first, and each training
/// gets an equal part of the time that is left, so that what a short one does not need goes to the long ones.
/// What trains nothing is run in any case.
public struct Reproduction {
  /// The rows to run, in any order.
  public var rows: [PublishedRow]
  /// The folder of the trainings: their states and weights, in a folder for each row.
  public var runs: String
  /// The folder of what was measured: evidence and pictures, in a folder for each row.
  public var pages: String
  /// For all rows together, from the moment on that the judges know the real images; nil for the sources'
  /// lengths.
  public var budget: Duration?
  /// Images that a generator draws to be scored.
  public var count = 10_000

  /// As many as the judges can look at for each row within half an hour on slow cores.
  public static let countWithinBudget = 2000
  /// What classifiers and generators learn from.
  public let training: LabeledImages
  /// What classifiers are tested on, and generators' images compared with.
  public let test: LabeledImages
  /// For the rows on pictures, which are left out where it is nil.
  public var pictures: SuppliedPictures?

  /// A reproduction of these rows in the sources' lengths, without the rows on pictures.
  ///
  /// - Parameters:
  ///   - rows: in any order.
  ///   - training: the training images of Fashion-MNIST.
  ///   - test: its test images.
  ///   - runs: a folder for the trainings.
  ///   - pages: a folder for evidence and pictures.
  public init(
    _ rows: [PublishedRow] = PublishedRows.all, training: LabeledImages, test: LabeledImages, runs: String,
    pages: String
  ) {
    (self.rows, self.training, self.test) = (rows, training, test)
    (self.runs, self.pages) = (runs, pages)
  }

  /// Runs what is not complete, and writes each row's evidence after it.
  ///
  /// - Parameters:
  ///   - drawing: makes the pictures.
  ///   - cache: of what is known of the real images.
  ///   - division: who trains which rows. Rows that train nothing are for whoever merges.
  ///   - isInterrupted: asked before each step and each row.
  ///   - observer: hears of the trainings, the judges and the attacks.
  ///   - finished: called after each row that was run; what it throws ends the reproduction.
  /// - Throws: ``TrainingInterrupted`` where `isInterrupted` said so, with every state written; `FileError`
  ///   for evidence and states that are none, and where nothing can be written; what the observer throws; of
  ///   a part of the work, `Cluster/PartDone`.
  public func run(
    drawing: any ReproductionDrawing, cache: RealCache? = nil, division: Division = .alone,
    isInterrupted: @escaping () -> Bool = { false },
    observer: Observer = Observer(), finished: (PublishedRow, RowEvidence) throws -> Void = { _, _ in }
  ) throws {
    let bench = try StudyBench(self, drawing: drawing, cache: cache, observer: observer)
    func run(_ rows: [PublishedRow]) throws {
      try self.run(rows, bench, isInterrupted: isInterrupted, finished: finished)
    }
    guard !division.isAlone else { return try run(rows) }
    let trainings = rows.filter { $0.length != nil }.sorted { $0.minutes < $1.minutes }
    var inputs = training.inputs()
    inputs["judges"] = ReferenceWeights.version
    inputs["test images"] = test.digest
    inputs["pictures"] = pictures?.images.digest
    try division.begin(inputs: inputs, items: trainings.count, unit: "rows that train")
    let evidence = try division.pieces(
      "rows", count: trainings.count, size: 1, reuses: false,
      fits: { (found: [RowEvidence?], range: Range<Int>) in
        found.count == 1 && found[0]?.isOf(trainings[range.lowerBound]) ?? true
      }
    ) { range in
      try run(Array(trainings[range]))
      return try trainings[range].map { try RowEvidence.read($0, in: folder(of: $0)) }
    }
    try division.endPart()
    for (row, found) in zip(trainings, evidence) {
      guard case .some(.some(let own)) = found?.first else { continue }
      // A sitting after the parts may have taken the row farther.
      if let there = try earlier(row), own.isBehind(there) { continue }
      try own.write(to: folder(of: row))
    }
    try run(rows.filter { $0.length == nil })
  }

  private func run(
    _ rows: [PublishedRow], _ bench: StudyBench, isInterrupted: @escaping () -> Bool,
    finished: (PublishedRow, RowEvidence) throws -> Void
  ) throws {
    let open = try rows.compactMap { row in
      let earlier = try earlier(row)
      return isDone(row, earlier) ? nil : (row: row, earlier: earlier)
    }.sorted { $0.row.minutes < $1.row.minutes }
    for (row, earlier) in open { try checkForState(of: row, earlier) }
    if open.contains(where: { $0.row.isScored }) { try bench.prepareJudges() }
    let end = budget.map { ContinuousClock.now + $0 }
    // What a row takes after its training: the judges.
    var judging = Duration.zero
    for (index, (row, earlier)) in open.enumerated() {
      let start = ContinuousClock.now
      let training = open[index...].count { $0.row.length != nil }
      // No row is left out, however little is left.
      let share = row.length == nil ? nil : end.map { max(($0 - start) / training - judging, Self.least) }
      let sitting = RowSitting(
        row, bench: bench, folder: folder(of: row), run: run(of: row),
        deadline: share.map { start + $0 }, isInterrupted: isInterrupted)
      let evidence = try sitting.evidence(after: earlier)
      try finished(row, evidence)
      if let share { judging = max(judging, ContinuousClock.now - start - share) }
    }
  }

  /// What was measured so far, by the rows' ids.
  ///
  /// - Throws: `FileError` for a file of evidence that is none.
  public func evidence() throws(FileError) -> [String: RowEvidence] {
    var found: [String: RowEvidence] = [:]
    for row in rows { found[row.id] = try earlier(row) }
    return found
  }

  /// What a training gets at least.
  private static let least = Duration.seconds(1)

  /// Of a row's training.
  private func run(of row: PublishedRow) -> String { "\(runs)/\(row.id)" }

  /// Of a row's evidence and pictures.
  private func folder(of row: PublishedRow) -> String { "\(pages)/\(row.id)" }

  /// What earlier sittings left of a row.
  ///
  /// - Throws: `FileError` for a file that is no evidence, or that of other images.
  private func earlier(_ row: PublishedRow) throws(FileError) -> RowEvidence? {
    guard let found = try RowEvidence.read(row, in: folder(of: row)) else { return nil }
    if let images = found.images, let own = digest(of: row), images != own {
      throw .malformed(
        path: "\(folder(of: row))/\(RowEvidence.fileName)",
        expected: "evidence on the images \(own); another --output begins anew", found: images)
    }
    return found
  }

  /// - Throws: `FileError.missing` where a training that is to be gone on with, or judged anew, is not there:
  ///   a new one would take the place of what was measured.
  private func checkForState(of row: PublishedRow, _ earlier: RowEvidence?) throws(FileError) {
    let run = RunFolder(path: run(of: row))
    guard let earlier, let reached = earlier.reached, reached.done > 0, !run.holdsState,
      !earlier.isComplete(judgedBy: count)
    else { return }
    throw .missing(
      path: run.statePath,
      remedy: "\(folder(of: row))/\(RowEvidence.fileName) tells of \(Text.short(reached.done)) "
        + "\(reached.unit): name the folder of its trainings with --runs, or remove that file to begin anew")
  }

  /// What tells the images of a row from others; nil for pictures that are not at hand.
  func digest(of row: PublishedRow) -> String? {
    if case .pictures = row.study { return pictures?.images.digest }
    return SHA256.hex(of: Data((training.digest + test.digest).utf8))
  }

  private func isDone(_ row: PublishedRow, _ evidence: RowEvidence?) -> Bool {
    if case .pictures = row.study, pictures == nil { return true }
    guard let evidence else { return false }
    return evidence.isComplete(judgedBy: count) && evidence.openSeeds(of: row).isEmpty
  }
}

/// Makes the pictures of a reproduction: the floor above knows how.
public protocol ReproductionDrawing {
  /// After each snapshot of a training, into its folder.
  func snapshot(of trainer: GeneratorTrainer, testImages: LabeledImages, in run: RunFolder) throws
  /// Into the folder of a row's page.
  func draw(_ subject: ReproductionSubject, to folder: String) throws -> [RowEvidence.Picture]
}
