import Autograd

/// What an attack, a measurement or a judge needs to know of a classifier.
///
/// A model owns its preprocessing: pixels come in as they are, in [0, 1].
public protocol ImageClassifier {
  /// How it is called in tables and errors.
  var name: String { get }
  /// What the labels 0, 1, … mean: a name for each logit.
  var labelNames: [String] { get }
  /// `[H, W, C]`
  var imageShape: [Int] { get }

  /// Logits `[N, labels]` of images `[N, H, W, C]` with pixels in [0, 1], in inference mode; never softmax.
  func logits(_ images: Tensor) -> Tensor
}

extension ImageClassifier {
  /// The label with the largest logit for each image; the first of equals.
  public func predictions(_ images: Tensor) -> [Int] { logits(images).largestPerRow() }
}

extension Tensor {
  /// Whether outputs `[N, labels]` are probabilities rather than logits: every row within [0, 1], with the
  /// sum 1 ± 10⁻⁵.
  ///
  /// Their gradients vanish where the classifier is sure, and attacks on them fail in silence.
  public var looksLikeProbabilities: Bool {
    precondition(rank == 2, "looksLikeProbabilities: the shape \(shape) is not [N, labels]")
    let columns = shape[1]
    return withElements { elements in
      (0..<shape[0]).allSatisfy { row in
        let values = elements[row * columns..<(row + 1) * columns]
        return values.allSatisfy { (0...1).contains($0) } && (values.reduce(0, +) - 1).magnitude <= 1e-5
      }
    }
  }
}
