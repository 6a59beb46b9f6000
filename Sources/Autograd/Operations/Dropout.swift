import Kernels

extension Tensor {
  /// Sets each element to zero with probability `rate` and scales the others by 1/(1 - rate)
  /// (Srivastava et al. 2014, in the inverted form). The rate is rounded to a multiple of 2⁻¹⁶.
  ///
  /// The mask is not stored: the same key makes the same mask again, so the pullback is the operation itself.
  public func dropout(rate: Float, key: Key) -> Tensor {
    precondition(rate >= 0 && rate < 1, "dropout: the rate \(rate) is not in [0, 1)")
    guard rate > 0 else { return self }
    // An element falls away where its 16 random bits are below rate·2¹⁶. Half of a word an element: making
    // random bits is most of the work.
    let threshold = UInt32((Double(rate) * 0x1p16).rounded())
    let scale = Float(0x1p16 / (0x1p16 - Double(threshold)))
    return Tensor(shape: shape, of: [self], pullback: { [$0.dy.dropout(rate: rate, key: key)] }) { y in
      let x = pointer
      key.forEachRun(count: (count + 1) / 2) { start, bits, n in
        let (x, y) = (x + 2 * start, y + 2 * start)
        for i in 0..<n {
          let kept = x[i] * scale
          y[i] = bits[i] & 0xFFFF < threshold ? 0 : kept
        }
        for i in 0..<max(0, min(n, count - 2 * start - n)) {
          let kept = x[n &+ i] * scale
          y[n &+ i] = bits[i] &>> 16 < threshold ? 0 : kept
        }
      }
    }
  }

  /// Uniform in `range`, from `key`.
  public static func uniform(_ shape: [Int], in range: Range<Float> = 0..<1, key: Key) -> Tensor {
    let (low, width) = (range.lowerBound, range.upperBound - range.lowerBound)
    return Tensor(shape: shape) { y in
      key.forEachRun(count: shape.product) { start, bits, n in
        let y = y + start
        for i in 0..<n { y[i] = low + width * Key.uniform(bits[i]) }
      }
    }
  }

  /// Normal with mean 0 and deviation 1, from `key` (Box and Muller 1958).
  public static func normal(_ shape: [Int], key: Key) -> Tensor {
    let count = shape.product
    let pairs = (count + 1) / 2
    let u = uniform([2, pairs], key: key)
    return Tensor(shape: shape) { y in
      u.withElements { u in
        let u = u
        Parallel.forEach(count: pairs, chunkSize: Parallel.elementsPerChunk / 8) { range in
          for i in range {
            let radius = VectorMath.squareRoot(-2 * VectorMath.log(1 - u[i]))
            let angle = 2 * Double.pi * Double(u[pairs + i])
            y[i] = radius * Float(Trigonometry.cosine(angle))
            if pairs + i < count { y[pairs + i] = radius * Float(Trigonometry.sine(angle)) }
          }
        }
      }
    }
  }
}
