import Autograd
import Datasets
import Kernels
import Network

/// A classifier's predictions at every size of one attack.
///
/// The harness, not the attack, masks, clips and scores: the direction is multiplied by the region's mask, the
/// image clipped to [0, 1], and the returned image classified anew. At ε = 0 the clean prediction counts; an image
/// that is misclassified clean may come out right again, and counts as right then.
public struct EpsilonSweep {
  public let attack: any SignAttack
  public let region: Region
  /// In units of the pixel range [0, 1].
  public let epsilons: [Float]
  /// Images at a time. 500 of them keep the second convolution's input in the last-level cache.
  public let batchSize: Int
  public let key: Key

  public init(
    _ attack: any SignAttack, region: Region, epsilons: [Float], batchSize: Int = 500, key: Key = Key(seed: 0)
  ) {
    precondition(
      epsilons.allSatisfy { (0...1).contains($0) }, "EpsilonSweep: an ε of \(epsilons) is not in [0, 1]")
    self.attack = attack
    self.region = region
    self.epsilons = epsilons
    self.batchSize = batchSize
    self.key = key
  }

  /// The predicted labels: one list an ε, in the order of the images.
  ///
  /// - Parameter progress: called after each batch with the number of images done; returns whether to go on.
  public func predictions(
    of classifier: any ImageClassifier, on images: LabeledImages,
    progress: (_ imagesDone: Int) throws -> Void = { _ in }
  ) rethrows -> [[Int]] {
    var result = [[Int]](repeating: [], count: epsilons.count)
    for (number, batch) in images.batches(of: batchSize).enumerated() {
      let x = images.tensor(batch)
      let (direction, cleanLogits) = maskedDirection(
        against: classifier, x, labels: images.labels(batch), batch: number)
      for (index, epsilon) in epsilons.enumerated() {
        let logits = epsilon == 0 ? cleanLogits : nil
        result[index] +=
          (logits ?? classifier.logits(perturbed(x, along: direction, epsilon: epsilon))).largestPerRow()
      }
      try progress(result.first?.count ?? 0)
    }
    return result
  }

  /// The images at one ε, as an array `[N, H, W, C]`, for pictures.
  public func images(
    against classifier: any ImageClassifier, _ images: Tensor, labels: [Int], epsilon: Float
  ) -> Tensor {
    let (direction, _) = maskedDirection(against: classifier, images, labels: labels, batch: 0)
    return perturbed(images, along: direction, epsilon: epsilon)
  }

  private func maskedDirection(
    against classifier: any ImageClassifier, _ x: Tensor, labels: [Int], batch: Int
  ) -> (Tensor, Tensor?) {
    let (signs, cleanLogits) = attack.direction(
      against: classifier, x, labels: labels, key: key.derived(batch))
    return (region == .everywhere ? signs : signs * region.mask(of: x), cleanLogits)
  }
}
