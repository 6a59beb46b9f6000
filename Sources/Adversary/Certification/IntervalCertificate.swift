import Autograd
import Datasets
import Network

/// Which images keep their label under every disturbance of a size: proven, by interval bound propagation.
///
/// An image is certified where z_y - z_j > 0 for all labels j over the whole box clip(x ± ε·mask), y being
/// the true label; so it is classified correctly, too. No attack in the region with at most that ε in L∞ can
/// succeed: one that does shows a mistake here or there.
///
/// The bounds are computed in Float32, as the logits are. A relative uncertainty of ``widening`` of the last
/// features stands for the rounding: thirty times the largest error seen, 3e-6 (the conv classifier in
/// float32 against float64, 200 images, ε up to 0.1). It is no proof in directed rounding.
public struct IntervalCertificate {
  /// A share of |center| + radius in each feature.
  public static let widening: Float = 1e-4

  /// The pixels that a disturbance may change.
  public let region: FreePixels
  /// Images at a time.
  public let batchSize: Int

  /// Certificates for disturbances of these pixels.
  ///
  /// - Precondition: `batchSize` is 1 or more.
  public init(region: FreePixels, batchSize: Int = 500) {
    precondition(batchSize >= 1, "IntervalCertificate: \(batchSize) images at a time")
    self.region = region
    self.batchSize = batchSize
  }

  /// Whether each image is certified: one list an ε, in the order of the images.
  ///
  /// - Parameters:
  ///   - classifier: bounds its own logits over a box.
  ///   - images: with their true labels, which are what is certified.
  ///   - range: which of the images are looked at; nil for all.
  ///   - epsilons: in units of the pixel range [0, 1].
  ///   - progress: called after each batch with the number of images done.
  /// - Precondition: every ε is in [0, 1]; the region's masks are of these images.
  public func certified(
    by classifier: any BoundedClassifier, on images: LabeledImages, in range: Range<Int>? = nil,
    epsilons: [Float], progress: (_ imagesDone: Int) throws -> Void = { _ in }
  ) rethrows -> [[Bool]] {
    precondition(
      epsilons.allSatisfy { (0...1).contains($0) },
      "IntervalCertificate: an ε of \(epsilons) is not in [0, 1]")
    precondition(
      region.fits(images.shape),
      "IntervalCertificate: masks \(region.ownMask?.shape ?? []) for images \(images.shape)")
    var result = [[Bool]](repeating: [], count: epsilons.count)
    for batch in images.batches(of: batchSize, in: range) {
      let (x, labels) = (images.tensor(batch), images.labels(batch))
      let mask = region.mask(of: x, at: batch) ?? .ones(x.shape)
      for (index, epsilon) in epsilons.enumerated() {
        result[index] += areCertified(Interval(around: x, reach: mask * epsilon), labels, by: classifier)
      }
      try progress((batch.last ?? -1) + 1)
    }
    return result
  }

  private func areCertified(
    _ box: Interval, _ labels: [Int], by classifier: any BoundedClassifier
  ) -> [Bool] {
    let margins = classifier.worstCaseMargins(box, labels: labels, widening: Self.widening)
    let columns = margins.shape[1]
    return margins.withElements { margins in
      labels.indices.map { row in
        // A NaN is no proof.
        (0..<columns).allSatisfy { $0 == labels[row] || margins[row * columns + $0] > 0 }
      }
    }
  }
}
