import Kernels

/// k(x, y) = (x·y / s + 1)³, the kernel of the kernel distance (Bińkowski et al. 2018, §4), from squared
/// distances: x·y = (‖x‖² + ‖y‖² - ‖x - y‖²) / 2. There s is the number d of a feature's numbers.
struct PolynomialKernel {
  private let rowNorms, columnNorms: [Double]
  private let factor: Double

  /// - Parameters:
  ///   - x: `[n, d]`, the rows of the distances.
  ///   - y: `[m, d]`, their columns.
  ///   - scale: s.
  init(_ x: Matrix, _ y: Matrix, scale: Double) {
    rowNorms = x.squaredLengths()
    columnNorms = y.squaredLengths()
    factor = 1 / (2 * scale)
  }

  /// Σ k(x[row], y[j]) over the columns of the block, but for the column `leavingOut`.
  @inline(__always)
  func sum(_ block: PairwiseDistances.Block, row: Int, leavingOut: Int = -1) -> Double {
    let distances = block[row: row]
    let norm = rowNorms[row]
    let first = block.columns.lowerBound
    let whole = block.columns.count / 8 * 8
    return columnNorms.withUnsafeBufferPointer { norms in
      var lanes = SIMD8<Double>.zero
      for start in stride(from: 0, to: whole, by: 8) {
        let d = UnsafeRawPointer(distances + start).loadUnaligned(as: SIMD8<Double>.self)
        let other = UnsafeRawPointer(norms.baseAddress.unsafelyUnwrapped + first + start).loadUnaligned(
          as: SIMD8<Double>.self)
        let base = (norm + other - d) * factor + 1
        lanes += base * base * base
      }
      var sum = lanes.sum()
      for index in whole..<block.columns.count { sum += value(distances[index], norm, norms[first + index]) }
      if block.columns.contains(leavingOut) {
        sum -= value(distances[leavingOut - first], norm, norms[leavingOut])
      }
      return sum
    }
  }

  @inline(__always)
  private func value(_ squaredDistance: Double, _ norm: Double, _ other: Double) -> Double {
    let base = (norm + other - squaredDistance) * factor + 1
    return base * base * base
  }
}

extension Matrix {
  /// ‖x‖² of each row.
  func squaredLengths() -> [Double] {
    var lengths = [Double](repeating: 0, count: rows)
    lengths.withUnsafeMutableBufferPointer { lengths in
      elements.withUnsafeBufferPointer { elements in
        let (lengths, elements) = (lengths, elements)
        Parallel.forEach(count: rows, chunkSize: 256) { rows in
          for row in rows {
            lengths[row] = (0..<columns).reduce(0) {
              $0 + elements[row * columns + $1] * elements[row * columns + $1]
            }
          }
        }
      }
    }
    return lengths
  }
}
