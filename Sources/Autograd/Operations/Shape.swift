import Kernels

/// Operations that move numbers without changing them: reshape, transpose, broadcast, pad, slice,
/// concatenate.
extension Tensor {
  /// The same elements, in the same order, in another shape. Copies nothing.
  public func reshaped(_ shape: [Int]) -> Tensor {
    precondition(shape.product == count, "reshape: \(self.shape) does not fit into \(shape)")
    let old = self.shape
    return Tensor(shape: shape, buffer: buffer, of: [self], pullback: { [$0.dy.reshaped(old)] })
  }

  /// `[N, …]` as `[N, the rest]`.
  public func flattened() -> Tensor {
    precondition(rank >= 1, "flatten: a scalar has no batch axis")
    return reshaped([shape[0], shape.dropFirst().reduce(1, *)])
  }

  /// Axis i of the result is axis `permutation[i]` of the operand.
  public func transposed(_ permutation: [Int]) -> Tensor {
    precondition(
      permutation.sorted() == Array(0..<rank), "transpose: \(permutation) does not permute \(shape)")
    var inverse = permutation
    for (to, from) in permutation.enumerated() { inverse[from] = to }
    let strides = shape.strides
    return Tensor(
      shape: permutation.map { shape[$0] }, of: [self],
      pullback: { [inverse] in [$0.dy.transposed(inverse)] },
      fill: { y in
        StridedCopy.gather(
          pointer, strides: permutation.map { strides[$0] },
          shape: permutation.map { shape[$0] }, into: y)
      })
  }

  /// Repeats along axes of size 1 and along new leading axes (NumPy rules).
  public func broadcast(to target: [Int]) -> Tensor {
    guard target != shape else { return self }
    precondition(
      target.count >= rank && Tensor.broadcastShape(shape, target) == target,
      "broadcast: \(shape) does not repeat to \(target)")
    let old = shape
    let strides =
      [Int](repeating: 0, count: target.count - rank)
      + Swift.zip(shape, shape.strides).map {
        $0 == 1 ? 0 : $1
      }
    return Tensor(shape: target, of: [self], pullback: { [$0.dy.summed(to: old)] }) {
      StridedCopy.gather(pointer, strides: strides, shape: target, into: $0)
    }
  }

  /// Surrounds the tensor with zeros: `before[i]` ahead of axis i, `after[i]` behind it.
  public func padded(before: [Int], after: [Int]) -> Tensor {
    precondition(
      before.count == rank && after.count == rank && (before + after).allSatisfy { $0 >= 0 },
      "pad: \(before), \(after) do not fit the shape \(shape)")
    let old = shape
    let target = (0..<rank).map { before[$0] + shape[$0] + after[$0] }
    return Tensor(shape: target, of: [self], pullback: { [$0.dy.sliced(start: before, size: old)] }) { y in
      Kernels.Elementwise.fill(y, count: target.product, with: 0)
      let strides = target.strides
      let offset = Swift.zip(before, strides).reduce(0) { $0 + $1.0 * $1.1 }
      StridedCopy.scatter(pointer, shape: shape, into: y + offset, strides: strides)
    }
  }

  /// The block of `size` that starts at `start`.
  public func sliced(start: [Int], size: [Int]) -> Tensor {
    precondition(
      start.count == rank && size.count == rank
        && (0..<rank).allSatisfy { start[$0] >= 0 && size[$0] >= 0 && start[$0] + size[$0] <= shape[$0] },
      "slice: start \(start), size \(size) is not inside the shape \(shape)")
    let after = (0..<rank).map { shape[$0] - start[$0] - size[$0] }
    let strides = shape.strides
    let offset = Swift.zip(start, strides).reduce(0) { $0 + $1.0 * $1.1 }
    return Tensor(
      shape: size, of: [self], pullback: { [$0.dy.padded(before: start, after: after)] },
      fill: { StridedCopy.gather(pointer + offset, strides: strides, shape: size, into: $0) })
  }

  /// The entries `range` of the first axis.
  public func rows(_ range: Range<Int>) -> Tensor {
    sliced(
      start: [range.lowerBound] + [Int](repeating: 0, count: rank - 1),
      size: [range.count] + shape.dropFirst())
  }

  /// The tensors one behind the other along `axis`; all other sizes must be equal.
  public static func concatenate(_ parts: [Tensor], axis: Int) -> Tensor {
    guard let first = parts.first else { preconditionFailure("concatenate: there are no tensors") }
    for part in parts {
      precondition(
        part.rank == first.rank
          && (0..<first.rank).allSatisfy { $0 == axis || part.shape[$0] == first.shape[$0] },
        "concatenate: \(part.shape) does not fit \(first.shape) along axis \(axis)")
    }
    var target = first.shape
    target[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    let shapes = parts.map(\.shape)
    let pullback: Pullback = { c in
      var from = 0
      return shapes.enumerated().map { index, shape in
        var start = [Int](repeating: 0, count: shape.count)
        start[axis] = from
        from += shape[axis]
        return c.ifNeeded(index) { c.dy.sliced(start: start, size: shape) }
      }
    }
    return Tensor(shape: target, of: parts, pullback: pullback) { y in
      let strides = target.strides
      var from = 0
      for part in parts {
        StridedCopy.scatter(part.pointer, shape: part.shape, into: y + from * strides[axis], strides: strides)
        from += part.shape[axis]
      }
    }
  }
}

/// Copies between a contiguous block and a strided one.
enum StridedCopy {
  typealias Input = UnsafePointer<Float>
  typealias Output = UnsafeMutablePointer<Float>

  /// Contiguous `target` ← the strided elements of `source`.
  static func gather(_ source: Input, strides: [Int], shape: [Int], into target: Output) {
    forEachRow(shape, strides) { contiguous, strided, count, step in
      if step == 1 {
        (target + contiguous).update(from: source + strided, count: count)
      } else if step == 0 {
        (target + contiguous).update(repeating: source[strided], count: count)
      } else {
        for i in 0..<count { target[contiguous &+ i] = source[strided &+ i &* step] }
      }
    }
  }

  /// The strided elements of `target` ← contiguous `source`.
  static func scatter(_ source: Input, shape: [Int], into target: Output, strides: [Int]) {
    forEachRow(shape, strides) { contiguous, strided, count, step in
      if step == 1 {
        (target + strided).update(from: source + contiguous, count: count)
      } else {
        for i in 0..<count { target[strided &+ i &* step] = source[contiguous &+ i] }
      }
    }
  }

  /// Visits the rows of the last axis: where each starts in either block, its length and its stride.
  @inline(__always)
  private static func forEachRow(_ shape: [Int], _ strides: [Int], _ body: (Int, Int, Int, Int) -> Void) {
    let (shape, strides) = joined(shape, strides)
    guard let count = shape.last, let step = strides.last else { return body(0, 0, 1, 1) }
    let outer = shape.dropLast()
    var index = [Int](repeating: 0, count: outer.count)
    var strided = 0
    for row in 0..<outer.reduce(1, *) {
      body(row * count, strided, count, step)
      for axis in outer.indices.reversed() {
        index[axis] += 1
        strided += strides[axis]
        if index[axis] < shape[axis] { break }
        strided -= strides[axis] * shape[axis]
        index[axis] = 0
      }
    }
  }

  /// The same places with as few axes as possible: those of size 1 are left out, and those joined that lie
  /// one behind the other.
  private static func joined(_ shape: [Int], _ strides: [Int]) -> (shape: [Int], strides: [Int]) {
    var (sizes, steps): ([Int], [Int]) = ([], [])
    for (size, step) in zip(shape, strides) where size != 1 {
      if let outer = steps.last, outer == size * step {
        sizes[sizes.count - 1] *= size
        steps[steps.count - 1] = step
      } else {
        sizes.append(size)
        steps.append(step)
      }
    }
    return (sizes, steps)
  }
}

extension Array where Element == Int {
  /// The distance in memory between neighbours along each axis of a row-major shape.
  package var strides: [Int] {
    var result = self
    var stride = 1
    for axis in indices.reversed() {
      result[axis] = stride
      stride *= self[axis]
    }
    return result
  }
}
