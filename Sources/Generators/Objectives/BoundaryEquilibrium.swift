import Autograd
import Network

/// BEGAN (Berthelot, Schumm and Metz 2017, §3.4), on losses of reconstruction. D: mean real - k·mean fake. G:
/// mean fake. After each step k ← clip(k + λ(γ·real - fake), 0, 1); the measure is real + |γ·real - fake|.
public struct BoundaryEquilibrium: RememberingObjective {
  /// What BEGAN carries from step to step and from epoch to epoch.
  public struct Memory: Codable, Equatable, Sendable {
    /// The weight k of the generated images.
    public var balance: Float = 0
    /// The measure of convergence, summed over the steps of the epoch.
    public var measureSum = 0.0
    /// The number of these steps.
    public var measureCount = 0
    /// The least mean of an epoch's measures; nil before the first epoch has ended.
    public var bestMeasure: Double?
    /// A factor on the learning rates.
    public var rateFactor: Float = 1

    /// As at the start of a training.
    public init() {}
  }

  /// γ: the ratio of the generated images' loss to the real ones' that k holds.
  public let gamma: Float
  /// λ: how fast k follows.
  public let rate: Float
  /// The balance k, the measure and the rates as they are now.
  public var memory = Memory()

  /// The game at its start.
  public init(gamma: Float, rate: Float) {
    self.gamma = gamma
    self.rate = rate
  }

  /// 1 at first, halved after each epoch whose measure is no better than the best, and 0.1 at least.
  public var rateFactor: Float { memory.rateFactor }

  /// The loss: mean real - k·mean fake.
  public func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor {
    real.score.mean() - fake.score.mean() * memory.balance
  }

  /// The loss: mean fake.
  public func generatorLoss(fake: Judgement, _ round: Round) -> Tensor { fake.score.mean() }

  /// Lets k follow, and adds the measure of the step to those of the epoch.
  public mutating func finishStep(real: Float, fake: Float) {
    let difference = gamma * real - fake
    memory.balance = min(1, max(0, memory.balance + rate * difference))
    memory.measureSum += Double(real + difference.magnitude)
    memory.measureCount += 1
  }

  /// Halves the rates where the measure stalls (§4: "decaying when the measure of convergence stalls"),
  /// judged by the mean of an epoch: that of one batch is mostly noise.
  public mutating func finishEpoch() {
    let measure = memory.measureSum / Double(max(1, memory.measureCount))
    memory.measureSum = 0
    memory.measureCount = 0
    guard let best = memory.bestMeasure, measure >= best else {
      memory.bestMeasure = measure
      return
    }
    memory.rateFactor = max(0.1, memory.rateFactor / 2)
  }

  /// The first field that no training leaves: k in [0, 1], one measure a step, the rest finite, rates from
  /// 0.1 to 1.
  public static func fault(in memory: Memory, steps: Int) -> MemoryFault? {
    guard (0...1).contains(memory.balance) else {
      return MemoryFault("balance", expected: "from 0 to 1", found: memory.balance)
    }
    guard memory.measureCount == steps else {
      return MemoryFault("measureCount", expected: "\(steps)", found: memory.measureCount)
    }
    guard memory.measureSum.isFinite, steps > 0 || memory.measureSum == 0 else {
      return MemoryFault(
        "measureSum", expected: steps > 0 ? "finite" : "0 at the start of an epoch", found: memory.measureSum)
    }
    let best = memory.bestMeasure ?? 0
    guard best.isFinite else { return MemoryFault("bestMeasure", expected: "finite", found: best) }
    guard (0.1...1).contains(memory.rateFactor) else {
      return MemoryFault("rateFactor", expected: "from 0.1 to 1", found: memory.rateFactor)
    }
    return nil
  }
}
