import Kernels

/// Moving images, each by its own offset.
extension Tensor {
  /// Image i of `[N, H, W, C]` moved by `offsets[i]` pixels, zeros coming in: y[h, w] = x[h - down, w - right].
  /// The gradient is moved back.
  public func translated(by offsets: [(down: Int, right: Int)]) -> Tensor {
    precondition(rank == 4 && offsets.count == shape[0], "translated: \(offsets.count) offsets for \(shape)")
    let (height, width, channels) = (shape[1], shape[2], shape[3])
    let back = offsets.map { (down: -$0.down, right: -$0.right) }
    return Tensor(shape: shape, of: [self], pullback: { [$0.dy.translated(by: back)] }) { y in
      Kernels.Elementwise.fill(y, count: count, with: 0)
      for (index, offset) in offsets.enumerated() {
        let (source, target) = (
          pointer + index * height * width * channels, y + index * height * width * channels
        )
        let columns = max(0, width - abs(offset.right))
        for row in max(0, offset.down)..<max(max(0, offset.down), min(height, height + offset.down)) {
          let from = (row - offset.down) * width + max(0, -offset.right)
          let to = row * width + max(0, offset.right)
          (target + to * channels).update(from: source + from * channels, count: columns * channels)
        }
      }
    }
  }
}
