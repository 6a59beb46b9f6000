// A product of two square matrices on all threads: by OpenBLAS, what everything else is held against, and by
// our own kernel.

import Autograd
import Kernels

extension BenchmarkCase {
  static func matrixProduct(
    _ name: String, side: Int, byOpenBLAS: Bool, precision: ProductPrecision = .float32
  )
    -> BenchmarkCase
  {
    BenchmarkCase(
      name: name,
      summary:
        "product of two \(side)×\(side) matrices, \(byOpenBLAS ? "OpenBLAS" : "own kernel, \(precision.rawValue)")",
      operations: 2 * Double(side * side * side)
    ) { _ in
      let a = Tensor.uniform([side, side], in: -1..<1, key: Key(seed: 1))
      let b = Tensor.uniform([side, side], in: -1..<1, key: Key(seed: 2))
      let c = Buffer(count: side * side)
      func multiply() {
        a.withElements { a in
          b.withElements { b in
            guard let a = a.baseAddress, let b = b.baseAddress else { return }
            if byOpenBLAS {
              MatrixMultiply.runOpenBLAS(
                a, transA: false, b, transB: false, into: c.pointer, m: side, n: side, k: side)
            } else {
              MatrixMultiply.run(
                a, transA: false, b, transB: false, into: c.pointer, m: side, n: side, k: side,
                precision: precision)
            }
          }
        }
      }
      return Work(warmUp: multiply, run: multiply)
    }
  }
}
