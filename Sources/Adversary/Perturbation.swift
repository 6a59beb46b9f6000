import Autograd
import Kernels

/// What an attack makes of a task.
public enum Perturbation {
  /// clip(x + ε·direction) for every ε; the direction `[N, H, W, C]` is 0 outside the mask and has a length
  /// of 1 at most in the attack's norm.
  case along(Tensor)
  /// For each image the nearest one that fools, `[N, H, W, C]`, whatever the ε; the clean image where none
  /// was found.
  case nearest(Tensor)
  /// The images `[N, H, W, C]` at an ε in units of the pixel range [0, 1].
  case images((_ epsilon: Float) -> Tensor)
}

extension Perturbation {
  /// The images `[N, H, W, C]` at an ε as the attack made them; of the nearest ones those within ε, else the
  /// clean image.
  func made(of task: AttackTask, norm: Norm?, epsilon: Float) -> Tensor {
    switch self {
    case .along(let direction): perturbed(task.images, along: direction, epsilon: epsilon)
    case .nearest(let images):
      images.replacingRows(where: task.isBeyond(images, norm, epsilon), with: task.images)
    case .images(let attacked): attacked(epsilon)
    }
  }

  /// The images at an ε as they count: clipped to [0, 1], unchanged outside the mask, and no farther than ε.
  ///
  /// Every image goes through here before it is classified, whatever the attack says of it: pixels outside
  /// the mask are put back bit for bit, and an image that lies beyond ε does not count; the clean one stands
  /// in for it. Who wants several ε makes a ``CheckedPerturbation`` once.
  ///
  /// - Returns: `repairs`, how many of the images the attack had made otherwise.
  package func applied(
    to task: AttackTask, norm: Norm?, epsilon: Float
  ) -> (images: Tensor, repairs: Int) {
    CheckedPerturbation(self, task, norm).applied(epsilon)
  }
}

/// An attack's answer after the harness has looked at what does not depend on ε: of a direction, that it
/// stays within the mask, that its elements are finite, and that it is not longer than 1.
struct CheckedPerturbation {
  private let perturbation: Perturbation
  private let task: AttackTask
  private let norm: Norm?
  /// Of a direction: images whose direction was put right; nil where each ε has to be looked at for itself.
  private let directionRepairs: Int?

  /// Whether an image that is mistaken as it is may come out otherwise: one gradient serves all ε, whatever
  /// it does at each.
  var isAlong: Bool { if case .along = perturbation { true } else { false } }

  init(_ perturbation: Perturbation, _ task: AttackTask, _ norm: Norm?) {
    self.task = task
    self.norm = norm
    // A number of pixels does not grow with ε: such directions are looked at like images.
    guard case .along(let direction) = perturbation, norm != .l0 else {
      self.perturbation = perturbation
      directionRepairs = nil
      return
    }
    let (checked, repairs) = task.checkedDirection(direction, norm)
    self.perturbation = .along(checked)
    directionRepairs = repairs
  }

  /// See ``Perturbation/applied(to:norm:epsilon:)``.
  func applied(_ epsilon: Float) -> (images: Tensor, repairs: Int) {
    guard epsilon > 0 else { return (task.images, 0) }
    let made = perturbation.made(of: task, norm: norm, epsilon: epsilon)
    if let directionRepairs { return (made, directionRepairs) }
    precondition(made.shape == task.images.shape, "an attack made \(made.shape) of \(task.images.shape)")
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
  /// Which of the images `[N, H, W, C]` lie farther from the clean ones than ε, and than rounding can make
  /// it.
  fileprivate func isBeyond(_ attacked: Tensor, _ norm: Norm?, _ epsilon: Float) -> [Bool] {
    guard let norm else { return [Bool](repeating: false, count: count) }
    let longest = epsilon + norm.slack(epsilon, size: images.shape.dropFirst().reduce(1, *))
    return norm.lengths(of: attacked - images).map { $0 > longest }
  }

  /// The direction with 0 outside the mask and for what is no finite number; all 0 for an image whose
  /// direction is longer than 1.
  ///
  /// - Returns: `repairs`, how many of the images had another one.
  fileprivate func checkedDirection(
    _ direction: Tensor, _ norm: Norm?
  ) -> (direction: Tensor, repairs: Int) {
    precondition(
      direction.shape == images.shape, "an attack made a direction \(direction.shape) for \(images.shape)")
    let longest = 1 + (norm?.slack(1, size: images.shape.dropFirst().reduce(1, *)) ?? 0)
    // One pass over the elements settles nearly all directions: in L∞ each is its own length.
    let keepsToMask = isMasked(direction, largest: norm == .linf ? longest : .greatestFiniteMagnitude)
    if keepsToMask, norm != .l2 { return (direction, 0) }
    var isRepaired = [Bool](repeating: false, count: count)
    var checked = direction
    if !keepsToMask {
      let size = images.shape.dropFirst().reduce(1, *)
      let (free, before) = (mask?.elements, direction.elements)
      let after = before.indices.map { index in
        let isFree = free.map { $0[index] != 0 } ?? true
        let value = isFree && before[index].isFinite ? before[index] : 0
        if value != before[index] { isRepaired[index / size] = true }
        return value
      }
      checked = Tensor(after, shape: direction.shape)
    }
    guard let norm else { return (checked, isRepaired.count { $0 }) }
    let isLong = norm.lengths(of: checked).map { $0 > longest }
    return (
      checked.replacingRows(where: isLong, with: .zeros(checked.shape)),
      zip(isRepaired, isLong).count { $0 || $1 }
    )
  }

  /// Whether a change is 0 where the mask is, and nowhere larger than `largest` or no number.
  private func isMasked(_ change: Tensor, largest: Float) -> Bool {
    let chunkSize = Parallel.elementsPerChunk
    var strays = [Int32](repeating: 0, count: (change.count + chunkSize - 1) / chunkSize)
    strays.withUnsafeMutableBufferPointer { strays in
      let strays = strays
      let (change, mask) = (change.pointer, mask?.pointer)
      Parallel.forEach(count: self.images.count, chunkSize: chunkSize) { range in
        // Without a branch, so that the loops are vectorised.
        var isWrong: Int32 = 0
        for i in range { isWrong |= change[i].magnitude <= largest ? 0 : 1 }
        if let mask {
          for i in range { isWrong |= (mask[i] == 0 ? 1 : 0) & (change[i] == 0 ? 0 : 1) }
        }
        strays[range.lowerBound / chunkSize] = isWrong
      }
    }
    withExtendedLifetime((change, mask)) {}
    return strays.allSatisfy { $0 == 0 }
  }
}

/// Images after a step of size `epsilon`: clip(x + ε·direction) to [0, 1], the direction masked already.
///
/// ε = 0 gives the clean images, bit for bit.
///
/// - Parameters:
///   - images: the clean ones, `[N, H, W, C]`, pixels in [0, 1].
///   - direction: of the shape of the images; where it is 0 a pixel stays as it is.
///   - epsilon: in units of the pixel range [0, 1].
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
