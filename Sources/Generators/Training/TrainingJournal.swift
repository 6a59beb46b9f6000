import Files

/// What a training tells of itself: the losses of intervals, and the warnings.
///
/// Part of the training state, so that a training that was stopped and continued has the same journal.
public struct TrainingJournal: Codable, Equatable, Sendable {
  /// The mean losses of some steps, the last of which was `step`.
  public struct Record: Codable, Equatable, Sendable {
    /// The last generator step of the interval, counted from 1.
    public let step: Int
    /// The mean of each loss over the interval.
    public let losses: Losses

    package init(step: Int, losses: Losses) { (self.step, self.losses) = (step, losses) }
  }

  /// One for each 100 steps, in their order.
  public private(set) var records: [Record] = []
  /// The warnings so far, each given once.
  public private(set) var findings: [TrainingWatch.Finding] = []
  private var watch: TrainingWatch
  private var sum: Losses?
  private var count = 0
  /// Not in states of before it was kept.
  private var snapshotSteps: [Int]?

  /// Steps in an interval.
  private static let interval = 100

  /// The journal of a training that begins.
  public init(_ recipe: GeneratorRecipe) { watch = TrainingWatch(isLogistic: recipe.isLogistic) }

  /// The steps after which whoever trains made pictures and the like, in their order: so it knows which are
  /// its own.
  public var snapshots: [Int] { snapshotSteps ?? [] }

  mutating func addSnapshot(step: Int) {
    if snapshots.last != step { snapshotSteps = snapshots + [step] }
  }

  /// Takes in the losses of the step with this number, from 1.
  ///
  /// - Returns: what there is to warn of, for the first time.
  public mutating func add(_ losses: Losses, step: Int) -> [TrainingWatch.Finding] {
    if sum?.add(losses) == nil { sum = losses }
    count += 1
    guard step % Self.interval == 0, let sum else { return [] }
    let record = Record(step: step, losses: sum.divided(by: count))
    records.append(record)
    self.sum = nil
    count = 0
    return note(watch.look(at: record.losses, step: step))
  }

  /// Takes in the labels that a judge gave to images drawn after this step.
  public mutating func add(labels: [Int], names: [String], step: Int) -> [TrainingWatch.Finding] {
    note(watch.look(atLabels: labels, names: names, step: step))
  }

  private mutating func note(_ findings: [TrainingWatch.Finding]) -> [TrainingWatch.Finding] {
    self.findings += findings
    return findings
  }

  /// Refuses a journal that the first `stepsDone` steps of a training by `recipe`, with losses of these
  /// names, cannot have left.
  func check(
    _ check: FieldCheck, recipe: GeneratorRecipe, lossNames: [String], stepsDone: Int
  ) throws(FileError) {
    func losses(_ losses: Losses, _ field: String) throws(FileError) {
      try check(losses.names == lossNames, "\(field).names", "\(lossNames)", found: losses.names)
      try check(
        losses.values.count == lossNames.count && losses.isFinite, "\(field).values",
        "of \(lossNames.count) finite numbers", found: losses.values)
    }
    let intervals = stepsDone / Self.interval
    try check(
      records.map(\.step) == (0..<intervals).map { ($0 + 1) * Self.interval }, "journal.records",
      "of each \(Self.interval) steps up to \(stepsDone)", found: records.map(\.step))
    for (index, record) in records.enumerated() {
      try losses(record.losses, "journal.records.\(index).losses")
    }
    let rest = stepsDone % Self.interval
    try check(count == rest, "journal.count", "\(rest) after \(stepsDone) steps", found: count)
    try check((sum == nil) == (rest == 0), "journal.sum", rest == 0 ? "left out" : "there", found: sum as Any)
    if let sum { try losses(sum, "journal.sum") }
    try check(
      snapshots.allSatisfy { (1...max(1, stepsDone)).contains($0) }
        && zip(snapshots, snapshots.dropFirst()).allSatisfy { $0 < $1 }, "journal.snapshotSteps",
      "rising from 1 to at most \(stepsDone)", found: snapshots)
    for (index, finding) in findings.enumerated() {
      try check(
        (1...max(1, stepsDone)).contains(finding.step), "journal.findings.\(index).step",
        "from 1 to \(stepsDone)", found: finding.step)
    }
    try watch.check(check, isLogistic: recipe.isLogistic, intervals: intervals, told: findings.map(\.warning))
  }
}
