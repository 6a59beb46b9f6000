import Autograd
import Kernels
import Network

/// The linear classifier with bounds, which are exact: without clipping, the smallest z_y - z_j within ε is
/// z_y - z_j - ε·Σ m·|w_y - w_j|.
struct BoundedLinearClassifier: BoundedClassifier {
  let name = "bounded"
  let linear: LinearClassifier
  let network: Sequential
  var labelNames: [String] { linear.labelNames }
  var imageShape: [Int] { linear.imageShape }

  init(_ linear: LinearClassifier) {
    self.linear = linear
    let shape = [linear.weights.count, linear.labelNames.count]
    let layer = Dense(inputs: shape[0], outputs: shape[1], key: Key(seed: 0))
    layer.weight.value = Tensor(linear.weights.flatMap(\.self), shape: shape)
    network = Sequential(["flatten": Flatten(), "logits": layer])
  }

  func logits(_ images: Tensor) -> Tensor { linear.logits(images) }

  func worstCaseMargins(_ images: Interval, labels: [Int], widening: Float) -> Tensor {
    network.worstCaseMargins(images, labels: labels, widening: widening)
  }

  /// The ε from which on an image loses its label, computed in double precision; negative where it never had
  /// it.
  func smallestFoolingEpsilon(_ image: [Double], label: Int, region: Region) -> Double {
    let logits = linear.logits(of: image)
    return labelNames.indices.filter { $0 != label }.map { other in
      let reach = zip(image, linear.weights).reduce(0.0) {
        $0 + ($1.0 > 0 || region == .everywhere ? Double(($1.1[label] - $1.1[other]).magnitude) : 0)
      }
      return (logits[label] - logits[other]) / reach
    }.min() ?? .infinity
  }
}
