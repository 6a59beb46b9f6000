import Adversary
import Cluster
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
  let division: Division
  let observer: Observer

  /// Whether each image has its true label under every disturbance of a size: one list an ε.
  ///
  /// - Parameter epsilons: in the method's norm, in units of the pixel range [0, 1].
  /// - Precondition: by bounds, that the classifier is a `BoundedClassifier`.
  func certified(by method: CertificationMethod, epsilons: [Float]) throws -> [[Bool]] {
    let label = "\(classifier.name) \(method.rawValue) \(region.name)"
    let bounded = try bounded(for: method)
    let perImage = try division.map(
      label, count: images.count, size: method == .ibp ? 50 : 1,
      missing: [Bool](repeating: false, count: epsilons.count), fits: { $0.count == epsilons.count }
    ) { range in
      func show(_ done: Int) throws {
        try observer.progress(WorkProgress(label, done, of: images.count, unit: "images"))
      }
      guard let bounded else {
        let certificates = try smoothing.certificates(
          of: classifier, on: images, in: range, progress: show)
        return zip(certificates, images.labels[range]).map { certificate, label in
          epsilons.map { certificate.label == Int(label) && certificate.radius >= Double($0) }
        }
      }
      let perEpsilon = try IntervalCertificate(region: region)
        .certified(by: bounded, on: images, in: range, epsilons: epsilons, progress: show)
      return range.map { place in perEpsilon.map { $0[place - range.lowerBound] } }
    }
    return epsilons.indices.map { index in perImage.map { $0[index] } }
  }

  /// The classifier as one with bounds; nil where they are not asked for.
  private func bounded(for method: CertificationMethod) throws(FileError) -> (any BoundedClassifier)? {
    guard method == .ibp else { return nil }
    guard let bounded = classifier as? any BoundedClassifier else {
      preconditionFailure("CertificateMeasurement: \(classifier.name) has no bounds of its logits")
    }
    if let reason = bounded.unbounded {
      throw .malformed(
        path: classifier.name, expected: "operations whose interval bounds are known", found: reason)
    }
    return bounded
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
