import Autograd
import Datasets
import Kernels
import Network

/// A classifier's predictions at every size of one attack.
///
/// The harness, not the attack, draws the mask, clips, checks how far the images went and classifies them
/// anew (``Perturbation``). At ε = 0 the clean prediction counts. An attack along a fixed direction returns
/// what that direction gives: an image that is misclassified clean may come out right again, and counts as
/// right then. All others keep the clean image where it is mistaken already.
public struct EpsilonSweep {
  /// What attacks the images.
  public let attack: any Attack
  /// The pixels that it may change; those of a mask belong to the images by their indices.
  public let region: FreePixels
  /// In units of the pixel range [0, 1]; for L0 in pixels.
  public let epsilons: [Float]
  /// A label that every image shall be taken for; nil where any wrong one will do.
  public let target: Int?
  /// Images at a time.
  public let batchSize: Int
  /// What is random follows from it: image i of a set draws from `key.derived(i)`.
  public let key: Key

  /// A sweep; `batchSize` is the attack's own where it is left out.
  ///
  /// - Precondition: every ε is a finite number of 0 or more; with a target, the attack can aim.
  public init(
    _ attack: any Attack, region: FreePixels, epsilons: [Float], target: Int? = nil, batchSize: Int? = nil,
    key: Key = Key(seed: 0)
  ) {
    precondition(
      epsilons.allSatisfy { $0 >= 0 && $0.isFinite },
      "EpsilonSweep: an ε of \(epsilons) is below 0 or no number")
    precondition(target == nil || attack.isTargetable, "EpsilonSweep: \(attack.name) cannot aim at a label")
    precondition(batchSize ?? 1 >= 1, "EpsilonSweep: a batch of \(batchSize ?? 0) images")
    self.attack = attack
    self.region = region
    self.epsilons = epsilons
    self.target = target
    self.batchSize = batchSize ?? attack.batchSize
    self.key = key
  }

  /// One batch at one ε, after the attack.
  public struct Attacked {
    /// Where the images stand in the set.
    public let indices: [Int]
    /// Where ε stands in the list of the sweep.
    public let epsilonIndex: Int
    /// The clean images, `[N, H, W, C]`.
    public let clean: Tensor
    /// The attacked images as they count, `[N, H, W, C]`.
    public let images: Tensor
    /// 1 where a pixel could change; nil where all could.
    public let mask: Tensor?
    /// Images that the attack had made otherwise: outside [0, 1] or the mask, or farther than the ε that it
    /// was told.
    public let repairs: Int
    /// What the classifier takes these images for, where it is known already: they are the clean ones.
    let predictions: [Int]?
  }

  /// Attacks all images, a batch at a time and in it one ε after the other.
  ///
  /// - Parameters:
  ///   - classifier: the one attacked.
  ///   - surrogate: the classifier that the attack is made on, where it is not the one attacked.
  ///   - images: clean ones with their true labels.
  ///   - range: which of the images are attacked; nil for all.
  ///   - clean: what the attacked classifier takes all images for as they are, where that is known.
  ///   - body: throws to stop.
  /// - Precondition: no image's true label is the target; the region's masks are of these images.
  public func forEachAttacked(
    of classifier: any ImageClassifier, craftedOn surrogate: (any ImageClassifier)? = nil,
    on images: LabeledImages, in range: Range<Int>? = nil, clean: [Int]? = nil,
    _ body: (Attacked) throws -> Void
  ) rethrows {
    precondition(
      clean.map { $0.count == images.count } ?? true,
      "EpsilonSweep: \(clean?.count ?? 0) clean predictions of \(images.count) images")
    checkMasks(for: images.shape)
    for indices in images.batches(of: batchSize, in: range) {
      try forEachEpsilon(
        Batch(
          self, classifier, craftedOn: surrogate, images.tensor(indices), labels: images.labels(indices),
          indices: indices, clean: clean.map { clean in indices.map { clean[$0] } }), body)
    }
  }

  /// The same of images `[N, H, W, C]` with pixels in [0, 1], and of a mask of one's own.
  ///
  /// - Parameters:
  ///   - classifier: the one attacked.
  ///   - surrogate: the classifier that the attack is made on, where it is not the one attacked.
  ///   - images: clean ones.
  ///   - labels: the true ones, `[N]`.
  ///   - mask: 1 where a pixel may change, 0 elsewhere, of the shape of the images; nil for that of the
  ///     region.
  ///   - body: throws to stop.
  public func forEachAttacked(
    of classifier: any ImageClassifier, craftedOn surrogate: (any ImageClassifier)? = nil,
    on images: Tensor, labels: [Int], mask: Tensor? = nil, _ body: (Attacked) throws -> Void
  ) rethrows {
    precondition(
      images.rank == 4 && labels.count == images.shape[0] && (mask.map { $0.shape == images.shape } ?? true),
      "EpsilonSweep: images \(images.shape), \(labels.count) labels, a mask \(mask?.shape ?? [])")
    if mask == nil { checkMasks(for: images.shape) }
    for first in stride(from: 0, to: labels.count, by: batchSize) {
      let indices = Array(first..<min(labels.count, first + batchSize))
      try forEachEpsilon(
        Batch(
          self, classifier, craftedOn: surrogate, images.rows(at: indices),
          labels: indices.map { labels[$0] },
          indices: indices, mask: mask?.rows(at: indices)), body)
    }
  }

  private func checkMasks(for shape: [Int]) {
    precondition(
      region.fits(shape), "EpsilonSweep: masks \(region.ownMask?.shape ?? []) for images \(shape)")
  }

  private func forEachEpsilon(_ batch: Batch, _ body: (Attacked) throws -> Void) rethrows {
    for (index, epsilon) in epsilons.enumerated() {
      let (images, repairs) = batch.attacked(epsilon)
      try body(
        Attacked(
          indices: batch.indices, epsilonIndex: index, clean: batch.task.images, images: images,
          mask: batch.task.mask, repairs: repairs, predictions: epsilon == 0 ? batch.clean : nil))
    }
  }

  /// The predicted labels: one list an ε, in the order of the images; see
  /// ``forEachAttacked(of:craftedOn:on:in:clean:_:)``.
  ///
  /// - Parameters:
  ///   - classifier: the one attacked, whose labels are returned.
  ///   - surrogate: the classifier that the attack is made on, where it is not the one attacked.
  ///   - images: clean ones with their true labels.
  ///   - range: which of the images are attacked; nil for all.
  ///   - clean: what the attacked classifier takes all images for as they are, where that is known.
  ///   - progress: called after each batch with the number of images done; throws to stop.
  /// - Throws: what `progress` throws; `FileError.malformed(path:expected:found:)` where logits overflow on
  ///   attacked images: labels would be there by accident.
  public func predictions(
    of classifier: any ImageClassifier, craftedOn surrogate: (any ImageClassifier)? = nil,
    on images: LabeledImages, in range: Range<Int>? = nil, clean: [Int]? = nil,
    progress: (_ imagesDone: Int) throws -> Void = { _ in }
  ) throws -> [[Int]] {
    var result = [[Int]](repeating: [], count: epsilons.count)
    try forEachAttacked(of: classifier, craftedOn: surrogate, on: images, in: range, clean: clean) { batch in
      result[batch.epsilonIndex] +=
        try batch.predictions ?? classifier.checkedPredictions(ofAttacked: batch.images)
      if batch.epsilonIndex == epsilons.count - 1 { try progress(result[0].count) }
    }
    return result
  }

  /// The images `[N, H, W, C]` at one ε, as they count; for pictures.
  ///
  /// - Precondition: the region's masks are of these images.
  public func images(
    against classifier: any ImageClassifier, _ images: Tensor, labels: [Int], epsilon: Float
  ) -> Tensor {
    checkMasks(for: images.shape)
    return Batch(self, classifier, craftedOn: nil, images, labels: labels, indices: Array(labels.indices))
      .attacked(epsilon).images
  }

  /// Some images with what the attack makes of them, before any ε.
  private struct Batch {
    let indices: [Int]
    let task: AttackTask
    /// What the attacked classifier takes the images for as they are; nil where nobody has to know.
    let clean: [Int]?
    private let perturbation: CheckedPerturbation
    /// Images that stay as they are; none of an attack along a direction.
    private let isMistaken: [Bool]

    /// - Parameters:
    ///   - classifier: the one attacked, which need not be the one that the attack is made on.
    ///   - mask: in the place of the region's.
    init(
      _ sweep: EpsilonSweep, _ classifier: any ImageClassifier, craftedOn surrogate: (any ImageClassifier)?,
      _ x: Tensor, labels: [Int], indices: [Int], clean: [Int]? = nil, mask: Tensor? = nil
    ) {
      let witness = CleanWitness(classifier, x)
      task = AttackTask(
        surrogate ?? witness, images: x, labels: labels,
        targets: sweep.target.map { [Int](repeating: $0, count: labels.count) },
        mask: mask ?? sweep.region.mask(of: x, at: indices),
        keys: indices.map { sweep.key.derived($0) }, stopsAtSuccess: surrogate == nil)
      perturbation = CheckedPerturbation(sweep.attack.perturbation(task), task, sweep.attack.norm)
      self.indices = indices
      if perturbation.isAlong {
        self.clean =
          sweep.epsilons.contains(0)
          ? clean ?? (witness.logits ?? classifier.logits(x)).largestPerRow() : nil
        isMistaken = [Bool](repeating: false, count: labels.count)
      } else {
        let predictions = clean ?? (witness.logits ?? classifier.logits(x)).largestPerRow()
        isMistaken = task.isFooled(by: predictions)
        self.clean = predictions
      }
    }

    func attacked(_ epsilon: Float) -> (images: Tensor, repairs: Int) {
      let (images, repairs) = perturbation.applied(epsilon)
      return (images.replacingRows(where: isMistaken, with: task.images), repairs)
    }
  }
}
