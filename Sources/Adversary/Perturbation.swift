import Autograd
import Kernels

/// What an attack makes of a task.
public enum Perturbation {
  /// clip(x + ε·direction) for every ε; the direction `[N, H, W, C]` is masked. With the clean logits, where the
  /// attack has computed them.
  case along(Tensor, cleanLogits: Tensor?)
  /// For each image the nearest one that fools, `[N, H, W, C]`, whatever the ε; the clean image where none was found.
  case nearest(Tensor)
  /// The images `[N, H, W, C]` at an ε in units of the pixel range [0, 1].
  case images((_ epsilon: Float) -> Tensor)
}

extension Perturbation {
  /// The attacked images at an ε: clipped to [0, 1], unchanged outside the mask, and no farther than ε.
  ///
  /// Every image goes through here before it is classified, whatever the attack says of it: pixels outside the
  /// mask are put back bit for bit, and an image that lies beyond ε does not count; the clean one stands in for it.
  package func applied(to task: AttackTask, norm: Norm?, epsilon: Float) -> Tensor {
    guard epsilon > 0 else { return task.images }
    switch self {
    case .along(let direction, _): return perturbed(task.images, along: direction, epsilon: epsilon)
    case .nearest(let images): return Self.checked(images, task, norm, epsilon)
    case .images(let attacked): return Self.checked(attacked(epsilon), task, norm, epsilon)
    }
  }

  private static func checked(
    _ images: Tensor, _ task: AttackTask, _ norm: Norm?, _ epsilon: Float
  ) -> Tensor {
    precondition(images.shape == task.images.shape, "an attack made \(images.shape) of \(task.images.shape)")
    let mask = task.mask?.elements
    let attacked = images.elements
    let size = images.shape.dropFirst().reduce(1, *)
    // Not a number is nothing that an image can hold.
    let bounded = task.images.withElements { clean in
      attacked.indices.map { index in
        let isFree = mask.map { $0[index] != 0 } ?? true
        return isFree && attacked[index].isFinite ? min(max(attacked[index], 0), 1) : clean[index]
      }
    }
    let result = Tensor(bounded, shape: images.shape)
    guard let norm else { return result }
    // What the rounding of a sum of `size` squares and of one addition can add.
    let slack = 1e-6 * epsilon + 0x1p-23 * (norm == .l2 ? Float(size).squareRoot() : 1)
    let isBeyond = norm.lengths(of: result - task.images).map { $0 > epsilon + (norm == .l0 ? 0 : slack) }
    return result.replacingRows(where: isBeyond, with: task.images)
  }
}

/// Images after a step of size `epsilon`: clip(x + ε·direction) to [0, 1], the direction masked already.
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
