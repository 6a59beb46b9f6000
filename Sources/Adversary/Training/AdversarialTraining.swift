import Autograd
import Kernels
import Network

/// Training on attacked images.
///
/// | method | attacked images | loss | source |
/// |---|---|---|---|
/// | `pgd` | PGD from a random start, on the cross-entropy | CE(x') | Madry et al. 2018, §2.1 |
/// | `fgsm` | one FGSM step, no random start | ½·CE(x) + ½·CE(x') | Goodfellow et al. 2015, §6 |
///
/// The images are attacked in inference mode, as they are when the classifier is tried, and the loss is taken
/// in it as well: dropout is one more disturbance, on a network whose training is hard enough already. `fgsm`
/// teaches to mislead a single step (label leaking, catastrophic overfitting): it is here to be seen through.
public struct AdversarialTraining: TrainingDefence {
  /// `pgd` or `fgsm`.
  public let name: String
  private let region: Region
  private let attacked: @Sendable (AttackTask) -> Tensor
  /// The weight of the clean images in the loss.
  private let cleanShare: Float

  /// Training on images attacked by PGD.
  ///
  /// - Parameters:
  ///   - epsilon: in units of the pixel range [0, 1].
  ///   - region: the pixels that the attack changes.
  ///   - steps: of PGD, each of 2.5·ε/steps.
  ///   - cleanShare: the weight of the clean images' loss, 0 to 1.
  public static func pgd(epsilon: Float, region: Region, steps: Int, cleanShare: Float) -> AdversarialTraining
  {
    let attack = ProjectedGradient(
      "pgd", .linf, steps: steps, relativeStep: 2.5 / Float(steps), startsAtRandom: true)
    return AdversarialTraining(name: "pgd", region: region, cleanShare: cleanShare) {
      attack.lastIterate($0, epsilon: epsilon)
    }
  }

  /// Training on images attacked by FGSM; see ``AdversarialTraining`` for why it is no defence.
  ///
  /// - Parameters:
  ///   - epsilon: in units of the pixel range [0, 1].
  ///   - region: the pixels that the attack changes.
  ///   - cleanShare: the weight of the clean images' loss, 0 to 1.
  public static func fgsm(epsilon: Float, region: Region, cleanShare: Float) -> AdversarialTraining {
    AdversarialTraining(name: "fgsm", region: region, cleanShare: cleanShare) {
      FGSM().images($0, within: epsilon)
    }
  }

  private init(
    name: String, region: Region, cleanShare: Float, attacked: @escaping @Sendable (AttackTask) -> Tensor
  ) {
    (self.name, self.region, self.cleanShare, self.attacked) = (name, region, cleanShare, attacked)
  }

  /// The attacked images, `[N, H, W, C]`: made against `classifier` in inference mode.
  public func counterparts(of batch: TrainingBatch, against classifier: any ImageClassifier) -> Tensor {
    attacked(AttackTask(batch, against: classifier, region))
  }

  /// The cross-entropy of the attacked images, and of the clean ones with their weight.
  ///
  /// The logits are those of the clean images, or where these have no weight of the attacked ones.
  public func loss(
    of classifier: any TrainedClassifier, on batch: TrainingBatch, counterparts: Tensor
  ) -> (loss: Tensor, logits: Tensor) {
    let attacked = classifier.logits(counterparts, .inference)
    guard cleanShare > 0 else { return (batch.crossEntropy(attacked), attacked) }
    let logits = classifier.logits(batch.images, .inference)
    return (
      batch.crossEntropy(logits) * cleanShare + batch.crossEntropy(attacked) * (1 - cleanShare), logits
    )
  }
}

/// TRADES (Zhang et al., "Theoretically principled trade-off between robustness and accuracy", ICML 2019,
/// §3.3, alg. 1):
///
///     L = CE(z(x)) + β·KL(p(x) ‖ p(x')),   x' = the point of the ball where the divergence is largest
///
/// x' is found by steps of 2.5·ε/steps along the divergence's gradient, from x + 0.001·N(0, 1), where it is 0
/// and has none.
public struct TradesTraining: TrainingDefence {
  /// `trades`
  public let name = "trades"
  private let epsilon: Float
  private let region: Region
  private let steps: Int
  private let beta: Float

  /// A training with the ball of radius `epsilon`, in L∞.
  ///
  /// - Parameters:
  ///   - epsilon: in units of the pixel range [0, 1].
  ///   - region: the pixels that x' may change.
  ///   - steps: to find x', 1 or more.
  ///   - beta: β, 0 or more.
  public init(epsilon: Float, region: Region, steps: Int, beta: Float) {
    precondition(steps >= 1 && beta >= 0, "TradesTraining: \(steps) steps, β \(beta)")
    (self.epsilon, self.region, self.steps, self.beta) = (epsilon, region, steps, beta)
  }

  /// x' for each image, `[N, H, W, C]`: found against `classifier` in inference mode.
  public func counterparts(of batch: TrainingBatch, against classifier: any ImageClassifier) -> Tensor {
    let task = AttackTask(batch, against: classifier, region)
    let (lower, upper) = task.box(epsilon)
    let clean = classifier.logits(task.images)
    func bounded(_ x: Tensor) -> Tensor { Tensor.minimum(Tensor.maximum(x, lower), upper) }
    var x = bounded(task.images + task.random(.normal, stream: 0) * 1e-3)
    for _ in 0..<steps {
      let tracked = x.tracked()
      let divergence = clean.softmaxDivergence(from: classifier.logits(tracked)).sum()
      let slope = task.masked(gradient(of: divergence, wrt: tracked).finite)
      x = bounded(x + Norm.linf.steepest(slope) * (2.5 * epsilon / Float(steps)))
    }
    return x
  }

  /// L, a mean over the batch, and the logits of the clean images.
  public func loss(
    of classifier: any TrainedClassifier, on batch: TrainingBatch, counterparts: Tensor
  ) -> (loss: Tensor, logits: Tensor) {
    let logits = classifier.logits(batch.images, .inference)
    let divergence = logits.softmaxDivergence(from: classifier.logits(counterparts, .inference))
    return (batch.crossEntropy(logits) + divergence.mean() * beta, logits)
  }
}

extension AttackTask {
  /// The images of a training's step; they go on where they fool, for the most loss.
  fileprivate init(_ batch: TrainingBatch, against classifier: any ImageClassifier, _ region: Region) {
    self.init(
      classifier, images: batch.images, labels: batch.labels,
      mask: region == .everywhere ? nil : region.mask(of: batch.images),
      keys: batch.labels.indices.map { batch.key.derived($0) }, stopsAtSuccess: false)
  }
}
