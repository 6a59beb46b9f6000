import Autograd
import Kernels
import Network

/// The fast gradient sign method (Goodfellow, Shlens and Szegedy, "Explaining and harnessing adversarial
/// examples", ICLR 2015, §4): direction = sign(∂L/∂x).
///
/// L is the cross-entropy of the logits with the true label, summed over the images so that each image's
/// gradient is its own; the model is in inference mode. Untargeted. A pixel whose gradient is exactly 0 stays.
public struct FGSM: SignAttack {
  public init() {}

  public let name = "fgsm"
  public let caveat =
    "FGSM alone does not prove robustness: one gradient step is the weakest attack that uses a gradient."

  public func direction(
    against classifier: any ImageClassifier, _ images: Tensor, labels: [Int], key: Key
  ) -> (signs: Tensor, cleanLogits: Tensor?) {
    let x = images.tracked()
    let logits = classifier.logits(x)
    let loss = logits.softmaxCrossEntropy(labels: labels).sum()
    return (gradient(of: loss, wrt: x).sign(), logits.detached)
  }
}
