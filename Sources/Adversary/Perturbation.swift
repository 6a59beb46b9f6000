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
  /// The images `[N, H, W, C]` at an ε as the attack made them; of the nearest ones those within ε, else the clean image.
  func made(of task: AttackTask, norm: Norm?, epsilon: Float) -> Tensor {
    switch self {
    case .along(let direction, _): perturbed(task.images, along: direction, epsilon: epsilon)
    case .nearest(let images):
      images.replacingRows(where: task.isBeyond(images, norm, epsilon), with: task.images)
    case .images(let attacked): attacked(epsilon)
    }
  }

  /// The images at an ε as they count: clipped to [0, 1], unchanged outside the mask, and no farther than ε.
  ///
  /// Every image goes through here before it is classified, whatever the attack says of it: pixels outside the
  /// mask are put back bit for bit, and an image that lies beyond ε does not count; the clean one stands in for it.
  ///
  /// - Returns: `repairs`, how many of the images the attack had made otherwise.
  package func applied(
    to task: AttackTask, norm: Norm?, epsilon: Float
  ) -> (images: Tensor, repairs: Int) {
    guard epsilon > 0 else { return (task.images, 0) }
    let made = made(of: task, norm: norm, epsilon: epsilon)
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
    let images = Tensor(bounded, shape: made.shape)
    let isBeyond = task.isBeyond(images, norm, epsilon)
    return (
      images.replacingRows(where: isBeyond, with: task.images), zip(isRepaired, isBeyond).count { $0 || $1 }
    )
  }
}

extension AttackTask {
  /// Which of the images `[N, H, W, C]` lie farther from the clean ones than ε, and than rounding can make it.
  fileprivate func isBeyond(_ attacked: Tensor, _ norm: Norm?, _ epsilon: Float) -> [Bool] {
    guard let norm else { return [Bool](repeating: false, count: count) }
    let longest = epsilon + norm.slack(epsilon, size: images.shape.dropFirst().reduce(1, *))
    return norm.lengths(of: attacked - images).map { $0 > longest }
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
