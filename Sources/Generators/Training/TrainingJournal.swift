/// What a training tells of itself: the losses of intervals, and the warnings.
///
/// Part of the training state, so that a training that was stopped and continued has the same journal.
public struct TrainingJournal: Codable, Equatable, Sendable {
  /// The mean losses of some steps, the last of which was `step`.
  public struct Record: Codable, Equatable, Sendable {
    public let step: Int
    public let losses: Losses
  }

  public private(set) var records: [Record] = []
  public private(set) var findings: [TrainingWatch.Finding] = []
  private var watch: TrainingWatch
  private var sum: Losses?
  private var count = 0

  /// Steps in an interval.
  private static let interval = 100

  public init(_ recipe: GeneratorRecipe) { watch = TrainingWatch(isLogistic: recipe.isLogistic) }

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
}
