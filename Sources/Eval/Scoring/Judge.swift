import Autograd
import Kernels
import Network

/// A classifier in the office of a judge.
public struct Judge {
  /// What looks at the images.
  public let classifier: any FeatureClassifier
  /// SHA-256 of its weights: a distance compares only within one network.
  public let sha256: String

  /// The classifier's name, such as `resnet`; scores are kept by it.
  public var name: String { classifier.name }

  /// A judge of a trained classifier.
  ///
  /// - Parameters:
  ///   - classifier: what looks at the images; its name is the judge's.
  ///   - sha256: of its weights.
  public init(_ classifier: any FeatureClassifier, sha256: String) {
    self.classifier = classifier
    self.sha256 = sha256
  }

  private static let batchSize = 500

  /// What it sees of images given as bytes `[N, H, W, C]`, of its own size.
  public func view(_ pixels: [UInt8]) -> JudgeView {
    let shape = classifier.imageShape
    let size = shape.reduce(1, *)
    precondition(pixels.count % size == 0, "Judge: \(pixels.count) pixels in images \(shape)")
    let count = pixels.count / size
    var (features, logits): ([Double], [Double]) = ([], [])
    for start in stride(from: 0, to: count, by: Self.batchSize) {
      let images = min(Self.batchSize, count - start)
      let batch = Tensor(shape: [images] + shape) { target in
        pixels.withUnsafeBufferPointer { pixels in
          for i in 0..<images * size { target[i] = Float(pixels[start * size + i]) / 255 }
        }
      }
      let seen = classifier.featuresAndLogits(batch)
      seen.features.withElements { features += $0.lazy.map(Double.init) }
      seen.logits.withElements { logits += $0.lazy.map(Double.init) }
    }
    return JudgeView(
      features: Matrix(rows: count, columns: count == 0 ? 0 : features.count / count, features),
      logits: Matrix(rows: count, columns: classifier.labelNames.count, logits))
  }
}

extension [Judge] {
  /// What each of them sees of images, as ``Judge/view(_:)`` takes them, by their names.
  func views(of pixels: [UInt8]) -> [String: JudgeView] {
    Dictionary(uniqueKeysWithValues: map { ($0.name, $0.view(pixels)) })
  }
}

/// What one judge saw of some images: features `[N, d]` and logits `[N, labels]`.
public struct JudgeView: Equatable, Sendable {
  /// `[N, d]`
  public let features: Matrix
  /// `[N, labels]`
  public let logits: Matrix
  /// What follows from the logits alone.
  public let distribution: ClassDistribution

  /// What was seen, by features and logits of the same images in the same order.
  public init(features: Matrix, logits: Matrix) {
    precondition(features.rows == logits.rows, "JudgeView: \(features.rows) features, \(logits.rows) logits")
    self.features = features
    self.logits = logits
    distribution = ClassDistribution(logits: logits)
  }

  /// Images seen, N.
  public var count: Int { features.rows }

  /// Of some of the images.
  func selecting(_ indices: [Int]) -> JudgeView {
    JudgeView(features: features.rows(indices), logits: logits.rows(indices))
  }
}
