import Kernels

/// Nearest-neighbour enlargement and its inverse, the sum over blocks.
extension Tensor {
  /// Every pixel of `[N, H, W, C]` becomes a block of factor × factor: `[N, H·factor, W·factor, C]`.
  public func upsampledNearest(factor: Int) -> Tensor {
    precondition(rank == 4 && factor >= 1, "upsampleNearest: shape \(shape), factor \(factor)")
    let (n, h, w, c) = (shape[0], shape[1], shape[2], shape[3])
    return Tensor(
      shape: [n, h * factor, w * factor, c], of: [self], pullback: { [$0.dy.blockSum(factor: factor)] }
    ) { y in
      Parallel.forEach(chunks: n * h) { row in
        let source = pointer + row * w * c
        let target = y + row * factor * w * factor * c
        for j in 0..<w {
          for b in 0..<factor { (target + (j * factor + b) * c).update(from: source + j * c, count: c) }
        }
        let length = w * factor * c
        for a in 1..<max(1, factor) { (target + a * length).update(from: target, count: length) }
      }
    }
  }

  /// The sum over blocks of factor × factor pixels: `[N, H, W, C]` → `[N, H / factor, W / factor, C]`.
  public func blockSum(factor: Int) -> Tensor {
    precondition(
      rank == 4 && factor >= 1 && shape[1] % factor == 0 && shape[2] % factor == 0,
      "blockSum: shape \(shape), factor \(factor)")
    let (n, h, w, c) = (shape[0], shape[1] / factor, shape[2] / factor, shape[3])
    return Tensor(
      shape: [n, h, w, c], of: [self], pullback: { [$0.dy.upsampledNearest(factor: factor)] }
    ) { y in
      Parallel.forEach(chunks: n * h) { row in
        let target = y + row * w * c
        let source = pointer + row * factor * w * factor * c
        for i in 0..<w * c { target[i] = 0 }
        for a in 0..<factor {
          for j in 0..<w * factor {
            let pixel = source + (a * w * factor + j) * c
            let sum = target + j / factor * c
            for k in 0..<c { sum[k] += pixel[k] }
          }
        }
      }
    }
  }
}
