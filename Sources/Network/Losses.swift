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

  /// What a student lacks of its teacher's probabilities, both softened by the temperature T: T²·mean over the images of
  /// KL(softmax(teacher / T) ‖ softmax(student / T)), up to the teacher's own entropy, which no weight changes
  /// (Hinton, Vinyals and Dean 2015, §2; T² keeps the gradient's size). Both `[N, labels]`, logits.
  public static func distillation(_ student: Tensor, teacher: Tensor, temperature: Float) -> Tensor {
    precondition(student.shape == teacher.shape, "distillation: \(student.shape) from \(teacher.shape)")
    let target = teacher.detached.scaled(by: 1 / temperature, plus: 0).softmax()
    let logarithms = student.scaled(by: 1 / temperature, plus: 0).logSoftmax()
    return (target * logarithms).sum() * (-temperature * temperature / Float(student.shape[0]))
  }

  /// Binary cross-entropy against one target for all: mean of softplus(x) - t·x.
  public static func binaryCrossEntropy(_ logits: Tensor, target: Float) -> Tensor {
    (logits.softplus() - logits * target).mean()
  }

  /// The discriminator's hinge loss: mean max(0, 1 - real) + mean max(0, 1 + fake) (Lim and Ye 2017).
  public static func hinge(real: Tensor, fake: Tensor) -> Tensor {
    (1 - real).relu().mean() + (fake + 1).relu().mean()
  }

  /// The critic's loss: mean fake - mean real (Arjovsky et al. 2017).
  public static func wasserstein(real: Tensor, fake: Tensor) -> Tensor { fake.mean() - real.mean() }
}

extension Tensor {
  static func - (constant: Float, x: Tensor) -> Tensor { x.scaled(by: -1, plus: constant) }
}
