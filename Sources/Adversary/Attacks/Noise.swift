import Autograd
import Kernels
import Network

/// Random signs: as large as FGSM's disturbance in every pixel, but blind to the model.
///
/// The control for every attack: what it costs beyond this is what the gradient adds.
public struct SignNoise: SignAttack {
  public init() {}

  public let name = "noise"
  public let caveat = "Random signs are a control, not an attack."

  public func direction(
    against classifier: any ImageClassifier, _ images: Tensor, labels: [Int], key: Key
  ) -> (signs: Tensor, cleanLogits: Tensor?) {
    let signs = Tensor(shape: images.shape) { y in
      key.forEachRun(count: images.count) { start, bits, n in
        for i in 0..<n { y[start + i] = bits[i] & 1 == 0 ? -1 : 1 }
      }
    }
    return (signs, nil)
  }
}
