import Autograd

/// Training on bounds of the logits: interval bound propagation (Gowal et al., "On the effectiveness of
/// interval bound propagation for training verifiably robust models", arXiv 1810.12715, §3.3, equation 12).
///
/// L = κ·CE(z(x)) + (1 - κ)·CE(ẑ(ε)), where ẑ are the worst logits over the box of size ε: 0 for the label y
/// and an upper bound of z_j - z_y for the others. With t from 0 to 1 over the ramp, ε grows from 0 as t and
/// κ falls from 1 as 1 - t·(1 - ``cleanShare``).
///
/// Both terms are taken in inference mode, without dropout: the certificate speaks of that network, the
/// bounds regularize more than a classifier of this size needs already, and dropout's factor 1 / (1 - rate)
/// would widen every box.
public struct IntervalBoundTraining: TrainingDefence {
  /// `ibp`.
  public let name = "ibp"
  /// In units of the pixel range [0, 1].
  public let epsilon: Float
  /// Pixels outside of it have intervals of no width.
  public let region: Region
  /// Between which shares of the training ε grows and κ falls; before, the training is a plain one.
  public let ramp: ClosedRange<Double>
  /// κ at the end of the ramp.
  public let cleanShare: Float

  /// A defence for changes of up to `epsilon` in the pixels of `region`.
  ///
  /// - Precondition: ε and the clean share are in [0, 1], and the ramp is within it.
  public init(epsilon: Float, region: Region, ramp: ClosedRange<Double>, cleanShare: Float) {
    precondition(
      (0...1).contains(epsilon) && (0...1).contains(cleanShare) && ramp.clamped(to: 0...1) == ramp,
      "IntervalBoundTraining: ε \(epsilon), ramp \(ramp), clean share \(cleanShare)")
    self.epsilon = epsilon
    self.region = region
    self.ramp = ramp
    self.cleanShare = cleanShare
  }

  /// t: 0 before the ramp, 1 behind it.
  package func rise(_ progress: Double) -> Float {
    guard progress < ramp.upperBound else { return 1 }
    guard progress > ramp.lowerBound else { return 0 }
    return Float((progress - ramp.lowerBound) / (ramp.upperBound - ramp.lowerBound))
  }

  /// L as a scalar (see ``IntervalBoundTraining``), and the logits `[N, labels]` of the clean images.
  /// Counterparts are not looked at.
  public func loss(
    of classifier: any TrainedClassifier, on batch: TrainingBatch, counterparts: Tensor
  ) -> (loss: Tensor, logits: Tensor) {
    let logits = classifier.logits(batch.images, .inference)
    let clean = batch.crossEntropy(logits)
    let rise = rise(batch.progress)
    guard rise > 0 else { return (clean, logits) }
    let box = region.box(around: batch.images, epsilon: Tensor(epsilon * rise))
    let margins = classifier.worstCaseMargins(box, labels: batch.labels, widening: 0)
    let share = rise * (1 - cleanShare)
    return (clean * (1 - share) + batch.crossEntropy(-margins) * share, logits)
  }
}
