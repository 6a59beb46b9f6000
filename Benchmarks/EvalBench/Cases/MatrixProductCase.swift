// A product of two square matrices on all threads: by OpenBLAS, what everything else is held against, and by
// our own kernel.

import Autograd
import Kernels

extension BenchmarkCase {
  static func matrixProduct(_ name: String, side: Int, byOpenBLAS: Bool) -> BenchmarkCase {
    BenchmarkCase(
      name: name,
      summary: "product of two \(side)×\(side) matrices, \(byOpenBLAS ? "OpenBLAS" : "own kernel")",
      operations: 2 * Double(side * side * side)
    ) { _ in
      let a = Tensor.uniform([side, side], in: -1..<1, key: Key(seed: 1))
      let b = Tensor.uniform([side, side], in: -1..<1, key: Key(seed: 2))
      let c = Buffer(count: side * side)
      func multiply() {
        a.withElements { a in
          b.withElements { b in
            guard let a = a.baseAddress, let b = b.baseAddress else { return }
            let multiply = byOpenBLAS ? MatrixMultiply.runOpenBLAS : MatrixMultiply.run
            multiply(a, false, b, false, c.pointer, side, side, side, false)
          }
        }
      }
      return Work(warmUp: multiply, run: multiply)
    }
  }
}
