import Autograd
import Network

/// On how many images the direction of cross-entropy's gradient tells an attack nothing.
///
///     ∂L(z(x), y)/∂x = 0 in every pixel, or not a number in some;   L the log-odds against y
///     (``AttackLoss``)
///
/// An attack of one step leaves such an image standing, and it would pass for robust (Athalye, Carlini and
/// Wagner, "Obfuscated gradients give a false sense of security", ICML 2018, §3.1). Certainty alone, large
/// logits, is no such case here. It does not find gradients that are there and mislead: checks C8 and C9 of
/// `eval robustness` do.
public struct VanishingGradients: Equatable, Sendable {
  /// Images whose gradient is 0 in every pixel.
  public let zero: Int
  /// Images whose gradient is not a finite number in some pixel.
  public let notFinite: Int
  /// Of so many images.
  public let count: Int

  /// Whether there is any such image.
  public var isAny: Bool { zero + notFinite > 0 }

  /// Counts that were made before, on `count` images.
  public init(zero: Int, notFinite: Int, count: Int) {
    (self.zero, self.notFinite, self.count) = (zero, notFinite, count)
  }

  /// Takes one gradient of `classifier` on each of the images, and counts.
  ///
  /// - Parameters:
  ///   - classifier: in inference mode, as attacks see it.
  ///   - images: `[N, H, W, C]`, pixels in [0, 1].
  ///   - labels: the true ones.
  public init(of classifier: any ImageClassifier, on images: Tensor, labels: [Int]) {
    precondition(
      images.rank == 4 && images.shape[0] == labels.count,
      "VanishingGradients: images \(images.shape), \(labels.count) labels")
    let x = images.tracked()
    let loss = AttackLoss.crossEntropy.values(classifier.logits(x), labels: labels, targets: nil)
    let slope = gradient(of: loss.sum(), wrt: x).elements
    let size = images.shape.dropFirst().reduce(1, *)
    let rows = labels.indices.map { slope[$0 * size..<($0 + 1) * size] }
    zero = rows.count { $0.allSatisfy { $0 == 0 } }
    notFinite = rows.count { !$0.allSatisfy(\.isFinite) }
    count = labels.count
  }
}
