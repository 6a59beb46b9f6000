import Autograd
import Datasets
import Kernels
import Network

/// A classifier's predictions at every size of one attack.
///
/// The harness, not the attack, draws the mask, clips, checks how far the images went and classifies them anew
/// (``Perturbation``). At ε = 0 the clean prediction counts. An attack along a fixed direction returns what that
/// direction gives: an image that is misclassified clean may come out right again, and counts as right then. All
/// others keep the clean image where it is mistaken already.
public struct EpsilonSweep {
  public let attack: any Attack
  public let region: Region
  /// In units of the pixel range [0, 1]; for L0 in pixels.
  public let epsilons: [Float]
  /// A label that every image shall be taken for; nil where any wrong one will do.
  public let target: Int?
  /// Images at a time.
  public let batchSize: Int
  public let key: Key

  /// - Precondition: every ε is a finite number of 0 or more; with a target, the attack can aim.
  public init(
    _ attack: any Attack, region: Region, epsilons: [Float], target: Int? = nil, batchSize: Int? = nil,
    key: Key = Key(seed: 0)
  ) {
    precondition(
      epsilons.allSatisfy { $0 >= 0 && $0.isFinite },
      "EpsilonSweep: an ε of \(epsilons) is below 0 or no number")
    precondition(target == nil || attack.isTargetable, "EpsilonSweep: \(attack.name) cannot aim at a label")
    self.attack = attack
    self.region = region
    self.epsilons = epsilons
    self.target = target
    self.batchSize = batchSize ?? attack.batchSize
    self.key = key
  }

  /// One batch at one ε, after the attack.
  public struct Attacked {
    /// Where the images stand in the set, and ε in the list.
    public let indices: [Int]
    public let epsilonIndex: Int
    /// `[N, H, W, C]`, clean and attacked.
    public let clean, images: Tensor
    /// 1 where a pixel could change; nil where all could.
    public let mask: Tensor?
    /// Images that the attack had made otherwise: outside [0, 1] or the mask, or farther than the ε that it was told.
    public let repairs: Int
    /// The classifier's logits of the attacked images, where they are known already.
    let logits: Tensor?
  }

  /// Attacks all images, a batch at a time and in it one ε after the other.
  ///
  /// - Parameters:
  ///   - surrogate: the classifier that the attack is made on, where it is not the one attacked.
  ///   - body: throws to stop.
  /// - Precondition: no image's true label is the target.
  public func forEachAttacked(
    of classifier: any ImageClassifier, craftedOn surrogate: (any ImageClassifier)? = nil,
    on images: LabeledImages, _ body: (Attacked) throws -> Void
  ) rethrows {
    for indices in images.batches(of: batchSize) {
      let task = task(
        surrogate ?? classifier, images.tensor(indices), labels: images.labels(indices),
        from: indices.first ?? 0, stopsAtSuccess: surrogate == nil)
      let batch = Batch(attack, task, on: classifier)
      for (index, epsilon) in epsilons.enumerated() {
        let (images, repairs) = batch.attacked(epsilon)
        var logits = Tensor?.none
        if epsilon == 0, surrogate == nil, case .along(_, let clean) = batch.perturbation { logits = clean }
        try body(
          Attacked(
            indices: indices, epsilonIndex: index, clean: task.images, images: images, mask: task.mask,
            repairs: repairs, logits: logits))
      }
    }
  }

  /// The predicted labels: one list an ε, in the order of the images; see ``forEachAttacked(of:craftedOn:on:_:)``.
  ///
  /// - Parameter progress: called after each batch with the number of images done; throws to stop.
  public func predictions(
    of classifier: any ImageClassifier, craftedOn surrogate: (any ImageClassifier)? = nil,
    on images: LabeledImages, progress: (_ imagesDone: Int) throws -> Void = { _ in }
  ) rethrows -> [[Int]] {
    var result = [[Int]](repeating: [], count: epsilons.count)
    try forEachAttacked(of: classifier, craftedOn: surrogate, on: images) { batch in
      result[batch.epsilonIndex] += (batch.logits ?? classifier.logits(batch.images)).largestPerRow()
      if batch.epsilonIndex == epsilons.count - 1 { try progress(result[0].count) }
    }
    return result
  }

  /// The images `[N, H, W, C]` at one ε, as they count; for pictures.
  public func images(
    against classifier: any ImageClassifier, _ images: Tensor, labels: [Int], epsilon: Float
  ) -> Tensor {
    let task = task(classifier, images, labels: labels, from: 0, stopsAtSuccess: true)
    return Batch(attack, task, on: classifier).attacked(epsilon).images
  }

  /// Some images with what the attack makes of them, before any ε.
  private struct Batch {
    let perturbation: Perturbation
    private let task: AttackTask
    private let norm: Norm?
    /// Images that stay as they are; none of an attack along a direction.
    private let isMistaken: [Bool]

    /// - Parameter classifier: the one attacked, which need not be the task's.
    init(_ attack: any Attack, _ task: AttackTask, on classifier: any ImageClassifier) {
      self.task = task
      norm = attack.norm
      perturbation = attack.perturbation(task)
      if case .along = perturbation {
        isMistaken = [Bool](repeating: false, count: task.count)
      } else {
        isMistaken = task.isFooled(classifier.logits(task.images))
      }
    }

    func attacked(_ epsilon: Float) -> (images: Tensor, repairs: Int) {
      let (images, repairs) = perturbation.applied(to: task, norm: norm, epsilon: epsilon)
      return (images.replacingRows(where: isMistaken, with: task.images), repairs)
    }
  }

  private func task(
    _ classifier: any ImageClassifier, _ x: Tensor, labels: [Int], from first: Int, stopsAtSuccess: Bool
  ) -> AttackTask {
    AttackTask(
      classifier, images: x, labels: labels,
      targets: target.map { [Int](repeating: $0, count: labels.count) },
      mask: region == .everywhere ? nil : region.mask(of: x),
      keys: labels.indices.map { key.derived(first + $0) }, stopsAtSuccess: stopsAtSuccess)
  }
}
