import Autograd
import Kernels
import Network

/// HopSkipJump (Chen, Jordan and Wainwright, "HopSkipJumpAttack: a query-efficient decision-based attack",
/// IEEE S&P 2020, alg. 2): a search that sees nothing but the predicted label.
///
///     boundary:  bisect between the clean x and a fooling x'
///     direction: v = mean of φ(x' + δ·u)·u over random u of length 1, φ = 1 where it fools and -1 where not,
///     less their mean step:      x' ← x' + ξ·v, ξ = ‖x' - x‖/√t, halved until it fools
///
/// Starts from uniform noise that fools, blended in as little as it takes (§III-C). 100·√t random directions
/// in round t (§III-B); in L∞ the direction is sign(v) and u is uniform. Untargeted. Each image is searched
/// for itself, with thousands of queries.
public struct HopSkipJump: Attack {
  /// `hopskipjump` or `hopskipjump-l2`.
  public let name: String
  /// L∞ or L2.
  public let norm: Norm?
  /// It sees the predicted label alone.
  public let role = AttackRole.labelsOnly
  /// False: any wrong label will do.
  public let isTargetable = false
  /// How often a direction is estimated and followed.
  public var rounds = 20
  /// Random directions in the first round; in round t there are √t times as many.
  public var firstDirections = 100

  /// `hopskipjump`: the nearest in L∞.
  public static let linf = HopSkipJump("hopskipjump", .linf)
  /// `hopskipjump-l2`: the nearest in L2.
  public static let l2 = HopSkipJump("hopskipjump-l2", .l2)

  private init(_ name: String, _ norm: Norm) {
    self.name = name
    self.norm = norm
  }

  /// Rounds and directions.
  public var settings: String { "\(rounds) rounds from \(firstDirections) directions up, labels only" }
  /// Ten images: each takes thousands of queries.
  public var batchSize: Int { 10 }

  /// For each image the nearest one found that fools, from one run for all ε; the clean one where no noise
  /// fools.
  public func perturbation(_ task: AttackTask) -> Perturbation {
    var nearest = task.images
    for row in 0..<task.count {
      nearest.writeRows([row], of: Search(task.at([row]), norm ?? .l2).run(self), from: [0])
    }
    return .nearest(nearest)
  }

  /// One image.
  private struct Search {
    private let task: AttackTask
    private let norm: Norm
    private let pixels: Float
    /// How near to the boundary bisection comes: as a share of the way (L2), as a distance (L∞) (§III-C, θ).
    private let tolerance: Float

    init(_ task: AttackTask, _ norm: Norm) {
      self.task = task
      self.norm = norm
      pixels = Float(max(1, task.freePixels[0]))
      tolerance = norm == .l2 ? 1 / (pixels * pixels.squareRoot()) : 1 / (pixels * pixels)
    }

    func run(_ attack: HopSkipJump) -> Tensor {
      let clean = task.images
      guard !fools(clean)[0], let start = start() else { return clean }
      var x = bisected(start)
      for round in stride(from: 1, through: attack.rounds, by: 1) {
        let distance = norm.lengths(of: x - clean)[0]
        let probe = round == 1 ? 0.1 : tolerance * distance * (norm == .l2 ? pixels.squareRoot() : pixels)
        let count = Int(Float(attack.firstDirections) * Float(round).squareRoot())
        let direction = direction(at: x, probe: max(probe, 1e-6), count: count, stream: round)
        var size = distance / Float(round).squareRoot()
        var moved = (x + direction * size).clamped(to: 0...1)
        // Twenty halvings are below the rounding of a pixel.
        for _ in 0..<20 where !fools(moved)[0] {
          size /= 2
          moved = (x + direction * size).clamped(to: 0...1)
        }
        guard fools(moved)[0] else { continue }
        let next = bisected(moved)
        if norm.lengths(of: next - clean)[0] < distance { x = next }
      }
      return x
    }

    private func fools(_ images: Tensor) -> [Bool] {
      let predictions = task.classifier.logits(images).largestPerRow()
      return predictions.map { $0 != task.labels[0] }
    }

    /// Clean pixels mixed with uniform noise, of a hundred draws the first that fools.
    private func start() -> Tensor? {
      for draw in 0..<100 {
        let noise = task.random(.uniform, stream: 1000 + draw).scaled(by: 0.5, plus: 0.5)
        let x = task.images + task.masked(noise - task.images)
        if fools(x)[0] { return x }
      }
      return nil
    }

    /// The point next to the boundary between the clean image and `x`, on the side that fools.
    private func bisected(_ x: Tensor) -> Tensor {
      let clean = task.images
      let change = x - clean
      let distance = norm.lengths(of: change)[0]
      var (low, high): (Float, Float) = (0, norm == .l2 ? 1 : distance)
      // L2 blends; L∞ cuts the change off at a size.
      func point(_ share: Float) -> Tensor {
        norm == .l2
          ? clean + change * share
          : clean + norm.projected(change, to: Tensor(repeating: share, shape: [1, 1, 1, 1]))
      }
      for _ in 0..<30 where high - low > max(tolerance, 1e-7) {
        let middle = (low + high) / 2
        if fools(point(middle))[0] { high = middle } else { low = middle }
      }
      let found = point(high)
      return fools(found)[0] ? found : x
    }

    private func direction(at x: Tensor, probe: Float, count: Int, stream: Int) -> Tensor {
      let key = task.keys[0].derived(stream)
      let shape = [count] + x.shape.dropFirst()
      let drawn = norm == .l2 ? Tensor.normal(shape, key: key) : Tensor.uniform(shape, in: -1..<1, key: key)
      let directions = Norm.l2.steepest(task.mask.map { drawn * $0 } ?? drawn)
      let probes = (x + directions * probe).clamped(to: 0...1)
      let answers = fools(probes).map { $0 ? Float(1) : -1 }
      let mean = answers.reduce(0, +) / Float(count)
      // All alike: the plain mean, as in the authors' code.
      let weights = mean.magnitude == 1 ? answers : answers.map { $0 - mean }
      // What clipping has left of each probe is what was asked.
      let estimate = ((probes - x) * .perImage(weights)).mean(axes: [0]).reshaped(x.shape)
      return norm.steepest(estimate)
    }
  }
}
