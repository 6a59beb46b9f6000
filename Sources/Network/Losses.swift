import Autograd

/// Losses of classifiers and of the adversarial game, on logits or scores `[N]` or `[N, 1]`; all are means.
public enum Loss {
  /// Cross-entropy with labels, softened towards the uniform distribution by `smoothing`
  /// (Szegedy et al. 2016, §7): (1 - s)·(-ln p[label]) + s·mean over the classes of -ln p.
  public static func crossEntropy(_ logits: Tensor, labels: [Int], smoothing: Float = 0) -> Tensor {
    let sharp = logits.softmaxCrossEntropy(labels: labels).mean()
    guard smoothing > 0 else { return sharp }
    return sharp * (1 - smoothing) - logits.logSoftmax().mean() * smoothing
  }

  /// Binary cross-entropy against one target t for all: the mean of -t·ln σ(x) - (1 - t)·ln σ(-x).
  public static func binaryCrossEntropy(_ logits: Tensor, target: Float) -> Tensor {
    .binaryCrossEntropy(logits: logits, targets: Tensor(repeating: target, shape: logits.shape))
  }

  /// The critic's loss: mean fake - mean real (Arjovsky et al. 2017).
  public static func wasserstein(real: Tensor, fake: Tensor) -> Tensor { fake.mean() - real.mean() }
}
