import Adversary
import Datasets
import Files
import Kernels
import Network

/// What is proven of one classifier, image by image.
struct CertificateMeasurement {
  let classifier: any ImageClassifier
  let images: LabeledImages
  /// Of ``images``, where it is a mask.
  let region: FreePixels
  /// σ of randomized smoothing, in units of the pixel range [0, 1].
  let deviation: Float
  let seed: UInt64
  let observer: Observer

  /// Whether each image has its true label under every disturbance of a size: one list an ε.
  ///
  /// - Parameter epsilons: in the method's norm, in units of the pixel range [0, 1].
  /// - Precondition: by bounds, that the classifier is a `BoundedClassifier`.
  func certified(by method: CertificationMethod, epsilons: [Float]) throws -> [[Bool]] {
    func show(_ done: Int) throws {
      try observer.progress(
        WorkProgress(
          "\(classifier.name) \(method.rawValue) \(region.name)", done, of: images.count, unit: "images"))
    }
    switch method {
    case .ibp:
      guard let bounded = classifier as? any BoundedClassifier else {
        preconditionFailure("CertificateMeasurement: \(classifier.name) has no bounds of its logits")
      }
      if let reason = bounded.unbounded {
        throw FileError.malformed(
          path: classifier.name, expected: "operations whose interval bounds are known", found: reason)
      }
      return try IntervalCertificate(region: region)
        .certified(by: bounded, on: images, epsilons: epsilons, progress: show)
    case .smoothing:
      let certificates = try smoothing.certificates(of: classifier, on: images, progress: show)
      return epsilons.map { epsilon in
        zip(certificates, images.labels).map { $0.label == Int($1) && $0.radius >= Double(epsilon) }
      }
    }
  }

  private var smoothing: RandomizedSmoothing {
    RandomizedSmoothing(deviation: deviation, region: region, key: Key(seed: seed))
  }

  func settings(of method: CertificationMethod) -> String {
    switch method {
    case .ibp:
      return "interval bounds of every layer, the last features widened by \(IntervalCertificate.widening)"
    case .smoothing:
      let smoothing = smoothing
      return "the vote under N(0, σ²) with σ = \(Text.short(Double(deviation))) in [0, 1]; "
        + "\(smoothing.selectionSamples) samples for the label, \(smoothing.estimationSamples) for its Clopper–Pearson "
        + "bound, wrong with at most \(smoothing.failureProbability) an image; it speaks of the classifier that votes"
    }
  }
}
