import Glibc
import Kernels

/// What a classifier sees in a set of images, from its logits `[N, labels]`.
public struct ClassDistribution: Equatable, Sendable {
  /// The label of each image: the largest logit, the first of equals.
  public let predictions: [Int]
  /// Images of each predicted label.
  public let histogram: [Int]
  /// The entropy of the histogram, divided by that of equal shares: 1 where all labels are drawn alike, 0 for
  /// one label.
  public let entropy: Double
  /// The mean of the largest probability.
  public let meanConfidence: Double
  /// The inception score with this classifier in the place of Inception (Salimans et al. 2016, §4), over all
  /// images at once: exp of the mean Kullback–Leibler divergence of an image's probabilities from the mean
  /// ones. From 1 to the number of labels; the value of real images, not the largest one, is what to compare
  /// with.
  public let inceptionScore: Double

  /// Computes every figure from the logits; sums are in double precision.
  ///
  /// - Precondition: there is an image and a label.
  public init(logits: Matrix) {
    precondition(logits.rows > 0 && logits.columns > 0, "ClassDistribution: \(logits.rows)×\(logits.columns)")
    let labels = logits.columns
    var mean = [Double](repeating: 0, count: labels)
    var (predictions, histogram) = ([Int](), [Int](repeating: 0, count: labels))
    var (confidence, negativeEntropy) = (0.0, 0.0)
    for row in 0..<logits.rows {
      let x = Array(logits.elements[row * labels..<(row + 1) * labels])
      let best = (1..<labels).reduce(0) { x[$1] > x[$0] ? $1 : $0 }
      // Without the largest, whose 1 would swallow the others where they are few: ln p = -ln (1 + rest)
      // there.
      let rest = (0..<labels).reduce(0) { $1 == best ? $0 : $0 + exp(x[$1] - x[best]) }
      for label in 0..<labels {
        let logarithm = (x[label] - x[best]) - log1p(rest)
        let probability = exp(logarithm)
        mean[label] += probability
        negativeEntropy += probability * logarithm
      }
      predictions.append(best)
      histogram[best] += 1
      confidence += 1 / (1 + rest)
    }
    let count = Double(logits.rows)
    self.predictions = predictions
    self.histogram = histogram
    entropy = labels == 1 ? 0 : Self.entropy(histogram.map { Double($0) / count }) / log(Double(labels))
    meanConfidence = confidence / count
    inceptionScore = exp(negativeEntropy / count + Self.entropy(mean.map { $0 / count }))
  }

  private static func entropy(_ shares: [Double]) -> Double {
    shares.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
  }
}
