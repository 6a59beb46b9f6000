import Adversary
import Autograd
import Datasets
import Eval
import Kernels
import Network

/// What an attack made of a set of images at one ε.
public struct AttackOutcome {
  /// In units of the pixel range [0, 1].
  public let epsilon: Float
  /// Attacked, `[N, H, W, C]`: within ε, [0, 1] and the mask, whatever the attack made.
  public let images: Tensor
  /// What the classifier takes them for.
  public let predictions: [Int]
  /// Whether each image is taken for another label than its own, or for the target where there is one.
  public let isFooled: [Bool]

  /// The share of images that do not fool the classifier, with its Wilson interval.
  public var robustAccuracy: Proportion { Proportion(right: isFooled.map { !$0 }) }
}

extension Attack {
  /// Attacks images and classifies them anew.
  ///
  ///     let outcomes = try FGSM().run(on: classifier, images, labels: labels, epsilons: [0.05, 0.1])
  ///     print(outcomes[0].robustAccuracy.value)
  ///
  /// - Parameters:
  ///   - classifier: the one attacked.
  ///   - images: `[N, H, W, C]`, N at least 1, pixels in [0, 1].
  ///   - labels: the true ones.
  ///   - epsilons: in units of the pixel range [0, 1]; for L0 in pixels.
  ///   - region: which pixels may change; a mask is of these images.
  ///   - mask: in its place: 1 where a value may change, 0 elsewhere, of the shape of the images.
  ///   - target: the label that images shall be taken for, where the attack can aim; nobody's true one.
  ///   - surrogate: the classifier that the attack is made on, where it is another.
  ///   - seed: of everything random.
  ///   - progress: called after each batch and ε with the images done at that ε; throws to stop.
  /// - Returns: one outcome an ε.
  /// - Throws: what `progress` throws; `FileError.malformed(path:expected:found:)` where logits overflow on
  ///   attacked images.
  public func run(
    on classifier: any ImageClassifier, _ images: Tensor, labels: [Int], epsilons: [Float],
    region: FreePixels = .everywhere, mask: Tensor? = nil, target: Int? = nil,
    craftedOn surrogate: (any ImageClassifier)? = nil, seed: UInt64 = 0,
    progress: (_ imagesDone: Int) throws -> Void = { _ in }
  ) throws -> [AttackOutcome] {
    precondition(!labels.isEmpty, "Attack.run: no image")
    let sweep = EpsilonSweep(
      self, region: region, epsilons: epsilons, target: target, key: Key(seed: seed))
    var attacked = [[Tensor]](repeating: [], count: epsilons.count)
    var predictions = [[Int]](repeating: [], count: epsilons.count)
    try sweep.forEachAttacked(of: classifier, craftedOn: surrogate, on: images, labels: labels, mask: mask) {
      batch in
      attacked[batch.epsilonIndex].append(batch.images)
      predictions[batch.epsilonIndex] += try classifier.checkedPredictions(ofAttacked: batch.images)
      try progress(predictions[batch.epsilonIndex].count)
    }
    return epsilons.indices.map { index in
      AttackOutcome(
        epsilon: epsilons[index], images: .concatenate(attacked[index], axis: 0),
        predictions: predictions[index],
        isFooled: zip(predictions[index], labels).map { prediction, label in
          target.map { prediction == $0 } ?? (prediction != label)
        })
    }
  }

  /// The same of images of a data set.
  public func run(
    on classifier: any ImageClassifier, _ images: LabeledImages, epsilons: [Float],
    region: FreePixels = .everywhere, target: Int? = nil, seed: UInt64 = 0,
    progress: (_ imagesDone: Int) throws -> Void = { _ in }
  ) throws -> [AttackOutcome] {
    let indices = Array(0..<images.count)
    return try run(
      on: classifier, images.tensor(indices), labels: images.labels(indices), epsilons: epsilons,
      region: region, target: target, seed: seed, progress: progress)
  }
}
