import Autograd
import Kernels
import Network

/// A way to disturb images along one direction of signs, whatever the size of the disturbance.
///
/// x'(ε) = clip(x + ε·mask·direction), with direction in {-1, 0, 1}. One direction an image serves every ε.
public protocol SignAttack: Sendable {
  /// As on the command line.
  var name: String { get }

  /// What the curve of this attack must not be taken for; printed beside it.
  var caveat: String { get }

  /// The direction for each of `images` `[N, H, W, C]` (pixels in [0, 1]), and the clean logits where computing
  /// it gives them anyway.
  func direction(
    against classifier: any ImageClassifier, _ images: Tensor, labels: [Int], key: Key
  ) -> (signs: Tensor, cleanLogits: Tensor?)
}

/// All attacks by name. A new one is one file and one line here.
public enum AttackCatalog {
  public static let all: [any SignAttack] = [FGSM(), SignNoise()]

  public static func named(_ name: String) -> (any SignAttack)? { all.first { $0.name == name } }
}

/// Images after an attack of size `epsilon`: clip(x + ε·direction) to [0, 1], the direction masked already.
///
/// ε = 0 gives the clean images, bit for bit.
///
/// - Parameter epsilon: in units of the pixel range [0, 1].
public func perturbed(_ images: Tensor, along direction: Tensor, epsilon: Float) -> Tensor {
  precondition(images.shape == direction.shape, "perturbed: \(images.shape) along \(direction.shape)")
  return Tensor(shape: images.shape) { y in
    images.withElements { x in
      direction.withElements { s in
        Elementwise.map(
          x.baseAddress.unsafelyUnwrapped, s.baseAddress.unsafelyUnwrapped, into: y, count: images.count
        ) {
          loop($0, $1, $2, $3) { x, s in
            let moved = x + epsilon * s
            let bounded = moved < 0 ? 0 : (moved > 1 ? 1 : moved)
            return s == 0 ? x : bounded
          }
        }
      }
    }
  }
}
