import Autograd
import Glibc
import Network

/// The attack of Carlini and Wagner in L2 ("Towards evaluating the robustness of neural networks", IEEE S&P
/// 2017, §V-A).
///
///     minimise ‖x' - x‖² + c·max(-margin(x'), 0)      x' = ½(tanh(w) + 1)
///
/// over w, by Adam; the margin is above 0 where x' fools. c is searched for each image: up by ten until it
/// fools in the second half of the steps, then between the least that does and the largest that does not
/// (§VI-C). Of all that fools, the nearest counts; the way back from it is bisected. The rate falls along a
/// cosine. tanh keeps x' in [0, 1] without clipping; pixels outside the mask do not depend on w.
public struct CarliniWagner: Attack {
  /// The attack with its usual settings, which are variables.
  public init() {}

  /// `cw-l2`
  public let name = "cw-l2"
  /// L2.
  public let norm: Norm? = .l2
  /// Many gradients, for the smallest change that fools.
  public let role = AttackRole.minimumNorm
  /// Values of c, and Adam's steps for each. The paper takes 10,000 steps of 0.01 (§VI); a larger rate, as
  /// black and white pixels are far out in w, where tanh is flat, leaves as much of the reference classifiers
  /// as FAB and DDN do.
  public var searches = 9
  /// Adam's steps for each value of c.
  public var steps = 200
  /// The rate of Adam's first step, in units of w; from there it falls to 0.
  public var learningRate: Float = 0.1
  /// The first value of c.
  public var firstWeight: Float = 0.01

  /// Values of c, steps and rate.
  public var settings: String {
    "\(searches) weights of the margin, \(steps) Adam steps each, from \(learningRate) down, bisected"
  }

  /// For each image the nearest one found that fools, from one run for all ε.
  public func perturbation(_ task: AttackTask) -> Perturbation {
    var nearest = NearestFooling(task, .l2)
    var weights = Tensor.perImage([Float](repeating: firstWeight, count: task.count)).elements
    var least = [Float](repeating: 0, count: task.count)
    var largest = [Float](repeating: .infinity, count: task.count)
    for _ in 0..<searches {
      let hasFooled = minimize(task, weights, &nearest)
      for index in weights.indices {
        if hasFooled[index] {
          largest[index] = min(largest[index], weights[index])
        } else {
          least[index] = max(least[index], weights[index])
        }
        weights[index] =
          largest[index].isFinite ? (least[index] + largest[index]) / 2 : min(weights[index] * 10, 1e10)
      }
    }
    nearest.drawCloser()
    return .nearest(nearest.images)
  }

  /// - Returns: which images were fooled once the first long steps were over, which go too far whatever the
  ///   weight.
  private func minimize(_ task: AttackTask, _ weights: [Float], _ nearest: inout NearestFooling) -> [Bool] {
    // tanh reaches 0 and 1 nowhere: black and white start a little inside.
    let inside: Float = 0.999_999
    var w = Tensor(task.images.elements.map { atanh(($0 * 2 - 1) * inside) }, shape: task.images.shape)
    var adam = AdamSteps(shape: w.shape)
    var hasFooled = [Bool](repeating: false, count: task.count)
    let weights = Tensor(weights, shape: [task.count])
    for step in 0..<steps {
      let tracked = w.tracked()
      let change = task.masked(tracked.tanh().scaled(by: 0.5, plus: 0.5) - task.images)
      let x = task.images + change
      let logits = task.classifier.logits(x)
      let margin = AttackLoss.margin.values(logits, labels: task.labels, targets: task.aims)
      let cost = (change.square().sum(axes: [1, 2, 3]) + weights * (-margin).relu()).sum()
      let slope = Autograd.gradient(of: cost, wrt: tracked).finite
      let fooled = nearest.offer(x.detached.clamped(to: 0...1), logits: logits.detached)
      for index in fooled.indices where fooled[index] && 2 * step >= steps { hasFooled[index] = true }
      w = w - adam.step(slope, rate: cosineFall((learningRate, 0), step, of: steps))
    }
    return hasFooled
  }
}

/// Adam's steps on a tensor (Kingma and Ba 2015, alg. 1), where what is optimised is images and not a
/// network.
struct AdamSteps {
  private var mean: Tensor
  private var square: Tensor
  private var (meanPower, squarePower): (Float, Float) = (1, 1)
  private static let (decay, squareDecay, epsilon): (Float, Float, Float) = (0.9, 0.999, 1e-8)

  init(shape: [Int]) {
    mean = .zeros(shape)
    square = .zeros(shape)
  }

  /// What is to be subtracted.
  mutating func step(_ gradient: Tensor, rate: Float) -> Tensor {
    mean = mean * Self.decay + gradient * (1 - Self.decay)
    square = square * Self.squareDecay + gradient.square() * (1 - Self.squareDecay)
    meanPower *= Self.decay
    squarePower *= Self.squareDecay
    let size = (square / (1 - squarePower)).squareRoot() + Self.epsilon
    return mean * (rate / (1 - meanPower)) / size
  }
}
