import Autograd
import Kernels

/// The shortest step r, within [0, 1] and the mask, that raises a linear function w·x by d.
///
///     min ‖r‖  such that  w·r = d,  0 ≤ x + r ≤ 1,  r = 0 off the mask
///
/// For L2 the solution is rᵢ = clip(λ·wᵢ), for L∞ rᵢ = clip(λ·sign(wᵢ)), to the room that pixel i has, with
/// the λ at which w·r = d. w·r is a concave, piecewise linear function of λ, so Newton's method from λ = 0
/// finds that λ exactly, in as many rounds as pixels run out of room. (Croce and Hein, FAB, ICML 2020, §2.1,
/// sort instead.) Where even all the room is too little, the step goes as far as there is any.
enum ShortestStep {
  /// - Parameters:
  ///   - normals: w, `[N, H, W, C]`.
  ///   - rises: d, one an image; below 0 for a step down.
  ///   - x: where the steps start, pixels in [0, 1].
  static func steps(_ norm: Norm, along normals: Tensor, by rises: [Float], from x: Tensor, mask: Tensor?)
    -> Tensor
  {
    precondition(
      normals.shape == x.shape && rises.count == x.shape[0], "ShortestStep: \(normals.shape), \(x.shape)")
    let size = x.shape.dropFirst().reduce(1, *)
    let free = mask ?? .ones([1] + x.shape.dropFirst())
    let freeStride = mask == nil ? 0 : size
    return Tensor(shape: x.shape) { target in
      normals.withElements { w in
        x.withElements { x in
          free.withElements { free in
            let (w, x, free) = (w, x, free)
            Parallel.forEach(count: rises.count, chunkSize: 8) { rows in
              for row in rows {
                let start = row * size
                Row(
                  norm: norm, w: UnsafeBufferPointer(rebasing: w[start..<start + size]),
                  x: UnsafeBufferPointer(rebasing: x[start..<start + size]),
                  free: UnsafeBufferPointer(rebasing: free[row * freeStride..<row * freeStride + size])
                ).step(by: rises[row], into: target + start)
              }
            }
          }
        }
      }
    }
  }

  private struct Row {
    let norm: Norm
    let w, x, free: UnsafeBufferPointer<Float>

    func step(by rise: Float, into r: UnsafeMutablePointer<Float>) {
      let (goal, sign): (Double, Float) = (Double(rise.magnitude), rise < 0 ? -1 : 1)
      var (scale, isFound) = (0.0, false)
      while !isFound {
        var (gain, slope) = (0.0, 0.0)
        for i in w.indices {
          let weight = Double(w[i].magnitude)
          let speed = norm == .l2 ? weight : (weight > 0 ? 1 : 0)
          let room = room(i, sign)
          if scale * speed < room {
            gain += weight * scale * speed
            slope += weight * speed
          } else {
            gain += weight * room
          }
        }
        let next = slope > 0 && gain < goal ? scale + (goal - gain) / slope : scale
        // Rounding aside, λ only grows; where nothing has room any more, it stands.
        isFound = !(next > scale)
        if slope == 0, gain < goal { scale = .greatestFiniteMagnitude } else { scale = max(scale, next) }
      }
      for i in w.indices {
        let weight = Double(w[i].magnitude)
        let speed = norm == .l2 ? weight : 1
        let length = weight > 0 ? Float(min(scale * speed, room(i, sign))) : 0
        r[i] = (w[i] * sign < 0 ? -length : length)
      }
    }

    /// How far pixel i can go in the direction of sign·w.
    private func room(_ i: Int, _ sign: Float) -> Double {
      free[i] == 0 ? 0 : Double(w[i] * sign > 0 ? 1 - x[i] : x[i])
    }
  }
}
