import Autograd
import Datasets
import Kernels
import Network

/// Trains a classifier, one batch at a time.
///
/// All randomness follows from the recipe's seed, the epoch and the batch: a training that is stopped and
/// continued from its state gives the same bytes as one that was not.
public final class ClassifierTrainer {
  /// What one epoch gave.
  public struct EpochResult: Codable, Equatable, Sendable {
    /// The number of the epoch, from 1.
    public let epoch: Int
    /// Means over the epoch's training batches, augmentation and (but for some defences) dropout included.
    public let loss: Double
    /// The share of these images that were classified right, from 0 to 1.
    public let trainAccuracy: Double
    /// On the test images, with the weights at the end of the epoch.
    public let testAccuracy: Double
  }

  /// A loss, or a weight that a step has left behind, that is not a finite number.
  public struct Divergence: Error, CustomStringConvertible {
    /// The epoch in which it happened, from 1.
    public let epoch: Int
    /// The batch of the epoch, from 1.
    public let batch: Int
    /// Infinite, or not a number; nil where it is a weight that is not finite.
    public let loss: Float?
    /// The weight, or what the optimizer keeps of it.
    public var weight: String?
    /// Where it happened and what can be done, in one sentence.
    public var description: String {
      let finding = loss.map { "the loss is \($0)" } ?? "\(weight ?? "a weight") is not finite"
      return "training diverged: \(finding) in epoch \(epoch), batch \(batch); lower the learning rate"
    }
  }

  /// What the training follows.
  public let recipe: ClassifierRecipe
  /// The classifier as it stands; each ``step()`` changes its weights.
  public let classifier: NeuralClassifier
  /// The results of the epochs that are complete, in order.
  public internal(set) var history: [EpochResult] = []
  /// Batches done in the current epoch.
  public internal(set) var batchesDone = 0

  let optimizer: Optimizer
  var lossSum = 0.0
  var correct = 0
  private let defence: any TrainingDefence
  /// Those that it trains on.
  public let images: LabeledImages
  private let testImages: LabeledImages
  private let lanes: Lanes
  private let key: Key
  private var order: (epoch: Int, indices: [Int])?

  /// A training from fresh weights.
  ///
  /// - Parameters:
  ///   - recipe: with one epoch and one image a batch at least.
  ///   - images: those to train on, one at least.
  ///   - testImages: those that accuracy is measured on after each epoch, of the shape and with the labels of
  ///     `images`.
  ///   - defence: that of the recipe.
  ///   - exchange: with the other processes that take lanes of each batch; nil for one process.
  public init(
    _ recipe: ClassifierRecipe, on images: LabeledImages, testedOn testImages: LabeledImages,
    defence: any TrainingDefence = Undefended(), exchange: (any LaneExchange)? = nil
  ) {
    precondition(
      images.shape.dropFirst() == testImages.shape.dropFirst(),
      "ClassifierTrainer: training images \(images.shape), test images \(testImages.shape)")
    precondition(
      recipe.batchSize >= 1 && recipe.epochs >= 1 && images.count >= 1,
      "ClassifierTrainer: batch \(recipe.batchSize), epochs \(recipe.epochs), images \(images.count)")
    precondition(
      defence.name == recipe.defence?.method.rawValue ?? Undefended().name,
      "ClassifierTrainer: the defence \(defence.name) for a recipe with \(recipe.defence?.summary ?? "none")")
    precondition(
      (recipe.lanes ?? 1) == 1 || !recipe.architecture.normalizesBatches,
      "ClassifierTrainer: \(recipe.architecture.rawValue) in lanes, which do not know the batch's statistics")
    self.recipe = recipe
    lanes = Lanes(recipe.lanes ?? 1, exchange: exchange)
    self.defence = defence
    self.images = images
    self.testImages = testImages
    key = Key(seed: recipe.seed)
    classifier = NeuralClassifier(
      recipe.architecture, imageShape: [images.height, images.width, images.channels],
      labelNames: images.labelNames, hidden: recipe.defence?.hiddenInitializer ?? .glorotUniform,
      key: key.derived(0))
    optimizer = (recipe.optimizer ?? .adamW).optimizer(
      of: classifier.network.parameters, weightDecay: recipe.weightDecay)
  }

  /// The epoch at work, from 1; one more than `epochs` where the training is complete.
  public var epoch: Int { history.count + 1 }
  /// Whether all epochs of the recipe are done.
  public var isComplete: Bool { history.count >= recipe.epochs }
  /// The last, incomplete batch counts too: every image is seen in every epoch.
  public var batchesPerEpoch: Int { (images.count + recipe.batchSize - 1) / recipe.batchSize }
  /// Means over the current epoch so far.
  public var loss: Double { lossSum / Double(max(1, imagesDone)) }
  /// The share of the current epoch's images so far that were classified right, from 0 to 1.
  public var trainAccuracy: Double { Double(correct) / Double(max(1, imagesDone)) }
  /// Images of the current epoch that have been trained on.
  public var imagesDone: Int { min(images.count, batchesDone * recipe.batchSize) }

  /// Trains on the next batch; at the end of an epoch, measures on the test images and adds to the history.
  ///
  /// - Returns: the epoch's result where this batch was its last.
  /// - Throws: ``Divergence``; the weights are those before the batch.
  @discardableResult
  public func step() throws(Divergence) -> EpochResult? {
    precondition(!isComplete, "ClassifierTrainer.step: all \(recipe.epochs) epochs are done")
    let batchKey = key.derived(epoch).derived(batchesDone)
    let indices = batchIndices()
    let totalSteps = recipe.epochs * batchesPerEpoch
    let progress = Double(optimizer.stepCount) / Double(totalSteps)
    let (loss, gradients, hits) =
      lanes.count == 1
      ? part(indices, key: batchKey, progress: progress)
      : joined(indices, key: batchKey, progress: progress)
    guard loss.isFinite else { throw Divergence(epoch: epoch, batch: batchesDone + 1, loss: loss) }
    let factor = recipe.schedule.factor(
      step: optimizer.stepCount, of: totalSteps, warmup: Int((recipe.warmup ?? 0) * Double(totalSteps)))
    optimizer.step(gradients, learningRate: recipe.learningRate * factor)
    lossSum += Double(loss) * Double(indices.count)
    correct += hits
    batchesDone += 1
    return batchesDone == batchesPerEpoch ? finishEpoch() : nil
  }

  /// The mean loss of some images, its gradients and how many of the images are right.
  private func part(
    _ indices: [Int], key: Key, progress: Double
  ) -> (loss: Float, gradients: [Tensor], hits: Int) {
    let batch = TrainingBatch(
      images: recipe.augmentation.batch(images, indices, key: key.derived(0)),
      labels: images.labels(indices), labelSmoothing: recipe.labelSmoothing, progress: progress,
      pass: .training(key.derived(1)), key: key.derived(2))
    let counterparts = defence.counterparts(of: batch, against: classifier)
    var hits = 0
    let (loss, gradients) = (recipe.precision ?? .float32) { () throws(Never) in
      valueAndGradients(of: classifier.network.parameters) {
        let (loss, logits) = defence.loss(of: classifier, on: batch, counterparts: counterparts)
        hits = zip(logits.largestPerRow(), batch.labels).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
        return loss
      }
    }
    return (loss.scalar, gradients, hits)
  }

  /// The same of a batch in lanes: each lane's mean counts as many times as it has images.
  private func joined(
    _ indices: [Int], key: Key, progress: Double
  ) -> (loss: Float, gradients: [Tensor], hits: Int) {
    let shapes = classifier.network.parameters.filter(\.isTrainable).map(\.value.shape)
    let sizes = shapes.map { $0.reduce(1, *) }
    let all = lanes.sum { lane in
      let rows = lanes.rows(of: lane, in: indices.count)
      guard !rows.isEmpty else { return [Float](repeating: 0, count: sizes.reduce(2, +)) }
      let (loss, gradients, hits) = part(
        Array(indices[rows]), key: key.derived(3 + lane), progress: progress)
      let share = Float(rows.count) / Float(indices.count)
      var values: [Float] = []
      values.reserveCapacity(sizes.reduce(2, +))
      for gradient in gradients { gradient.withElements { values += $0.lazy.map { $0 * share } } }
      return values + [loss * share, Float(hits)]
    }
    var start = 0
    let gradients = zip(shapes, sizes).map { shape, size in
      defer { start += size }
      return Tensor(Array(all[start..<start + size]), shape: shape)
    }
    return (all[start], gradients, Int(all[start + 1]))
  }

  private func finishEpoch() -> EpochResult {
    let result = EpochResult(
      epoch: epoch, loss: loss, trainAccuracy: trainAccuracy,
      testAccuracy: Double(correctTestImages()) / Double(testImages.count))
    history.append(result)
    batchesDone = 0
    lossSum = 0
    correct = 0
    return result
  }

  private func correctTestImages() -> Int {
    guard lanes.count > 1 else { return classifier.correctCount(on: testImages) }
    let counts = lanes.sum { lane in
      let rows = lanes.rows(of: lane, in: testImages.count)
      return [Float(classifier.correctCount(on: testImages.at(Array(rows))))]
    }
    return Int(counts[0])
  }

  private func batchIndices() -> [Int] {
    let indices: [Int]
    if let order, order.epoch == epoch {
      indices = order.indices
    } else {
      indices = key.derived(epoch).permutation(images.count)
      order = (epoch, indices)
    }
    let start = batchesDone * recipe.batchSize
    return Array(indices[start..<min(images.count, start + recipe.batchSize)])
  }
}
