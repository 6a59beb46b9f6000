import Autograd
import Kernels

/// A classifier while it is trained: its logits follow from weights that the loss is differentiated by.
public protocol TrainedClassifier: BoundedClassifier {
  /// Logits `[N, labels]` of images `[N, H, W, C]` with pixels in [0, 1].
  func logits(_ images: Tensor, _ pass: Pass) -> Tensor
}

/// The images of one step of a training.
public struct TrainingBatch {
  /// `[N, H, W, C]`, pixels in [0, 1], augmented.
  public let images: Tensor
  /// A label for each image, from 0.
  public let labels: [Int]
  /// The share of each target that is spread evenly over all labels; see
  /// ``Loss/crossEntropy(_:labels:smoothing:)``.
  public let labelSmoothing: Float
  /// The share of the training's steps that are done, in 0..<1; a defence can grow with it.
  public let progress: Double
  /// The pass in which a network with dropout is trained.
  public let pass: Pass
  /// For what else is random in this step.
  public let key: Key

  /// The images of one step, with the share of the training that is done and where its randomness comes from.
  public init(
    images: Tensor, labels: [Int], labelSmoothing: Float = 0, progress: Double, pass: Pass, key: Key
  ) {
    self.images = images
    self.labels = labels
    self.labelSmoothing = labelSmoothing
    self.progress = progress
    self.pass = pass
    self.key = key
  }

  /// The mean cross-entropy of logits `[N, labels]` with the labels.
  public func crossEntropy(_ logits: Tensor) -> Tensor {
    Loss.crossEntropy(logits, labels: labels, smoothing: labelSmoothing)
  }
}

/// What a training minimizes, so that the classifier withstands an attack.
///
/// A step asks twice: first for images, then for the loss. An attack on the classifier as it stands belongs
/// into the first, where the weights are constants and no gradient of theirs is computed.
public protocol TrainingDefence: Sendable {
  /// As on the command line.
  var name: String { get }

  /// Images of the shape of the batch's, which ``loss(of:on:counterparts:)`` gets beside the clean ones:
  /// those that an attack found against `classifier`, for instance. By default the clean ones.
  func counterparts(of batch: TrainingBatch, against classifier: any ImageClassifier) -> Tensor

  /// The loss as a scalar, and the logits `[N, labels]` that the training accuracy is counted on.
  func loss(
    of classifier: any TrainedClassifier, on batch: TrainingBatch, counterparts: Tensor
  ) -> (loss: Tensor, logits: Tensor)
}

extension TrainingDefence {
  /// The clean images, for defences that make no others.
  public func counterparts(of batch: TrainingBatch, against classifier: any ImageClassifier) -> Tensor {
    batch.images
  }
}

/// No defence: the cross-entropy of the clean images.
public struct Undefended: TrainingDefence {
  /// The usual training.
  public init() {}

  /// `none`.
  public let name = "none"

  /// The batch's mean cross-entropy, smoothed as it says, and the logits `[N, labels]`. Counterparts are not
  /// looked at.
  public func loss(
    of classifier: any TrainedClassifier, on batch: TrainingBatch, counterparts: Tensor
  ) -> (loss: Tensor, logits: Tensor) {
    let logits = classifier.logits(batch.images, batch.pass)
    return (batch.crossEntropy(logits), logits)
  }
}
