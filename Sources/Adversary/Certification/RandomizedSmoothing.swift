import Autograd
import Datasets
import Kernels
import Network

/// Certificates by randomized smoothing (Cohen, Rosenfeld and Kolter, "Certified adversarial robustness via
/// randomized smoothing", ICML 2019, arXiv 1902.02918, §3.2.2, CERTIFY).
///
/// The smoothed classifier gives the label that the classifier gives most often to x + N(0, σ²). If that
/// label has a probability of at least p > ½, it stays the same for every disturbance with an L2 norm below
/// σ·Φ⁻¹(p).
///
/// Where only some pixels may change, noise is added to these, the others are constants, and the theorem
/// holds in the space of these pixels: the certificate speaks of disturbances within the mask of the clean
/// image, of a classifier that smooths over that same mask.
///
/// The noisy images are not clipped, as in the paper. A classifier trained without noise knows such images
/// badly and earns small radii or none.
public struct RandomizedSmoothing: Sendable {
  /// What is known of one image.
  public struct Certificate: Equatable, Sendable {
    /// The smoothed classifier's label; nil where it abstains.
    public let label: Int?
    /// A lower bound of the label's probability under noise, wrong with at most ``failureProbability``.
    public let probability: Double
    /// In the L2 norm over pixels in [0, 1]; 0 where it abstains.
    public let radius: Double
  }

  /// σ, in units of the pixel range [0, 1].
  public let deviation: Float
  /// The pixels that get noise, and that the certificate speaks of.
  public let region: FreePixels
  /// n₀, to choose the label. 100 in the paper.
  public let selectionSamples: Int
  /// n, to bound its probability. 100,000 in the paper; what can be certified ends at σ·Φ⁻¹(α^(1/n)).
  public let estimationSamples: Int
  /// α, for each image. 0.001 in the paper.
  public let failureProbability: Double
  /// What the noise of ``certificates(of:on:progress:)`` follows from.
  public let key: Key

  /// The chunks that samples are drawn in. Fixed, since the noise follows from it.
  private static let samplesAtATime = 500

  /// Smoothing by noise of σ = `deviation`; by default with the paper's n₀ and α, and a hundredth of its n.
  ///
  /// - Precondition: σ is finite and above 0, there are samples of both kinds, and α is between 0 and 1.
  public init(
    deviation: Float, region: FreePixels, selectionSamples: Int = 100, estimationSamples: Int = 1000,
    failureProbability: Double = 0.001, key: Key
  ) {
    precondition(
      deviation > 0 && deviation.isFinite && selectionSamples >= 1 && estimationSamples >= 1
        && failureProbability > 0 && failureProbability < 1,
      "RandomizedSmoothing: σ \(deviation), samples \(selectionSamples) and \(estimationSamples), "
        + "α \(failureProbability)")
    self.deviation = deviation
    self.region = region
    self.selectionSamples = selectionSamples
    self.estimationSamples = estimationSamples
    self.failureProbability = failureProbability
    self.key = key
  }

  /// One certificate an image, in their order. Image i draws from `key.derived(i)`.
  ///
  /// - Parameters:
  ///   - classifier: the one that is smoothed; nothing but its predictions is asked for.
  ///   - images: clean ones; their labels are not looked at.
  ///   - range: which of the images are looked at; nil for all.
  ///   - progress: called after each image with the number of images done.
  /// - Precondition: the region's masks are of these images.
  public func certificates(
    of classifier: any ImageClassifier, on images: LabeledImages, in range: Range<Int>? = nil,
    progress: (_ imagesDone: Int) throws -> Void = { _ in }
  ) rethrows -> [Certificate] {
    precondition(
      region.fits(images.shape),
      "RandomizedSmoothing: masks \(region.ownMask?.shape ?? []) for images \(images.shape)")
    return try (range ?? 0..<images.count).map { i in
      let certificate = certificate(of: classifier, images.tensor([i]), at: i, key: key.derived(i))
      try progress(i + 1)
      return certificate
    }
  }

  /// The certificate of one image, whose noise follows from the key that is given here.
  ///
  /// - Parameters:
  ///   - classifier: the one that is smoothed, on n₀ + n noisy images.
  ///   - image: `[1, H, W, C]`, pixels in [0, 1].
  ///   - index: where it stands among the images that the region's masks are of.
  ///   - key: in the place of ``key``.
  public func certificate(
    of classifier: any ImageClassifier, _ image: Tensor, at index: Int = 0, key: Key
  ) -> Certificate {
    precondition(
      image.rank == 4 && image.shape[0] == 1, "RandomizedSmoothing: the shape \(image.shape) is not one image"
    )
    let scale = (region.mask(of: image, at: [index]) ?? .ones(image.shape)) * deviation
    let selection = counts(classifier, image, scale, samples: selectionSamples, key: key.derived(0))
    let label = selection.indices.reduce(0) { selection[$1] > selection[$0] ? $1 : $0 }
    // Other samples than those that the label was chosen by, or the bound would not hold.
    let hits = counts(classifier, image, scale, samples: estimationSamples, key: key.derived(1))[label]
    let probability = ClopperPearson.lowerBound(
      successes: hits, trials: estimationSamples, confidence: 1 - failureProbability)
    guard probability > 0.5 else { return Certificate(label: nil, probability: probability, radius: 0) }
    return Certificate(
      label: label, probability: probability,
      radius: Double(deviation) * NormalDistribution.quantile(probability))
  }

  /// How often each label is given to the image with noise.
  private func counts(
    _ classifier: any ImageClassifier, _ image: Tensor, _ scale: Tensor, samples: Int, key: Key
  ) -> [Int] {
    var counts = [Int](repeating: 0, count: classifier.labelNames.count)
    for (chunk, start) in stride(from: 0, to: samples, by: Self.samplesAtATime).enumerated() {
      let count = min(Self.samplesAtATime, samples - start)
      let noise = Tensor.normal([count] + image.shape.dropFirst(), key: key.derived(chunk))
      for label in classifier.predictions(image + noise * scale) { counts[label] += 1 }
    }
    return counts
  }
}
