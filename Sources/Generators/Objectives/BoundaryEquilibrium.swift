import Autograd
import Network

/// BEGAN (Berthelot, Schumm and Metz 2017, §3.4), on losses of reconstruction. D: mean real - k·mean fake. G:
/// mean fake. After each step k ← clip(k + λ(γ·real - fake), 0, 1); the measure is real + |γ·real - fake|.
public struct BoundaryEquilibrium: RememberingObjective {
  public struct Memory: Codable, Equatable, Sendable {
    /// The weight k of the generated images.
    public var balance: Float = 0
    /// The measure of convergence: its sum over the epoch's steps, their number, and the best mean of an
    /// epoch.
    public var measureSum = 0.0
    public var measureCount = 0
    public var bestMeasure: Double?
    /// A factor on the learning rates.
    public var rateFactor: Float = 1
    public init() {}
  }

  public let gamma: Float
  public let rate: Float
  public var memory = Memory()

  public init(gamma: Float, rate: Float) {
    self.gamma = gamma
    self.rate = rate
  }

  public var rateFactor: Float { memory.rateFactor }

  public func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor {
    real.score.mean() - fake.score.mean() * memory.balance
  }

  public func generatorLoss(fake: Judgement, _ round: Round) -> Tensor { fake.score.mean() }

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
