import Kernels

/// Losses of every element by itself, and their means.
extension Tensor {
  /// Binary cross-entropy of probabilities t given logits x, element by element: -t·ln σ(x) - (1 - t)·ln
  /// σ(-x), of the broadcast shape; dx = (σ(x) - t)·dy, dt = -x·dy
  ///
  /// Never forms the probability, nor a difference of large numbers: both would lose what is left where the
  /// logit is certain.
  public static func binaryCrossEntropies(logits: Tensor, targets: Tensor) -> Tensor {
    zip(
      logits, targets,
      {
        loop($0, $1, $2, $3) {
          VectorMath.log1p(VectorMath.exp(-$0.magnitude)) + $0.magnitude * ($0 > 0 ? 1 - $1 : $1)
        }
      },
      first: { $0.dy * probabilityExcess($0.x, over: $0.x2) }, second: { -($0.dy * $0.x) })
  }

  /// σ(x) - t; dx = σ(x)·σ(-x)·dy, dt = -dy
  private static func probabilityExcess(_ x: Tensor, over t: Tensor) -> Tensor {
    zip(
      x, t,
      {
        loop($0, $1, $2, $3) {
          $0 > 0 ? (1 - $1) - VectorMath.sigmoid(-$0) : VectorMath.sigmoid($0) - $1
        }
      },
      first: { sigmoidGradient($0.dy, at: $0.x) }, second: { -$0.dy })
  }

  /// The mean of ``binaryCrossEntropies(logits:targets:)``.
  public static func binaryCrossEntropy(logits: Tensor, targets: Tensor) -> Tensor {
    binaryCrossEntropies(logits: logits, targets: targets).mean()
  }

  /// mean (a - b)²
  public static func meanSquaredError(_ a: Tensor, _ b: Tensor) -> Tensor { (a - b).square().mean() }

  /// mean |a - b|
  public static func meanAbsoluteError(_ a: Tensor, _ b: Tensor) -> Tensor { (a - b).absolute().mean() }
}
