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
    epsilon > 0 ? bounded(made(of: task, epsilon: epsilon), task, norm, epsilon).images : task.images
  }

  /// The images as the attack made them.
  package func made(of task: AttackTask, epsilon: Float) -> Tensor {
    switch self {
    case .along(let direction, _): perturbed(task.images, along: direction, epsilon: epsilon)
    case .nearest(let images): images
    case .images(let attacked): attacked(epsilon)
    }
  }

  /// The images as they count, and how many of them the attack had made otherwise: outside [0, 1] or the mask, or, where it was told ε,
  /// beyond it.
  func bounded(
    _ made: Tensor, _ task: AttackTask, _ norm: Norm?, _ epsilon: Float
  ) -> (images: Tensor, repairs: Int) {
    precondition(made.shape == task.images.shape, "an attack made \(made.shape) of \(task.images.shape)")
    if case .along = self { return (made, 0) }
    let mask = task.mask?.elements
    let attacked = made.elements
    let size = made.shape.dropFirst().reduce(1, *)
    var isRepaired = [Bool](repeating: false, count: task.count)
    // Not a number is nothing that an image can hold.
    let bounded = task.images.withElements { clean in
      attacked.indices.map { index in
        let isFree = mask.map { $0[index] != 0 } ?? true
        let value = isFree && attacked[index].isFinite ? min(max(attacked[index], 0), 1) : clean[index]
        if value != attacked[index] { isRepaired[index / size] = true }
        return value
      }
    }
    var images = Tensor(bounded, shape: made.shape)
    if let norm {
      let longest = epsilon + norm.slack(epsilon, size: size)
      let isBeyond = norm.lengths(of: images - task.images).map { $0 > longest }
      images = images.replacingRows(where: isBeyond, with: task.images)
      if case .images = self { isRepaired = zip(isRepaired, isBeyond).map { $0 || $1 } }
    }
    return (images, isRepaired.count { $0 })
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
