/// Losses that are averaged over every element.
extension Tensor {
  /// Binary cross-entropy of probabilities given as logits: mean of softplus(x) - x·t.
  ///
  /// Never forms the probability, whose logarithm would be lost where it rounds to 0 or 1.
  public static func binaryCrossEntropy(logits: Tensor, targets: Tensor) -> Tensor {
    (logits.softplus() - logits * targets).mean()
  }

  /// mean (a - b)²
  public static func meanSquaredError(_ a: Tensor, _ b: Tensor) -> Tensor { (a - b).square().mean() }

  /// mean |a - b|
  public static func meanAbsoluteError(_ a: Tensor, _ b: Tensor) -> Tensor { (a - b).absolute().mean() }
}
