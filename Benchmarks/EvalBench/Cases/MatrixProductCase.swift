// A product of two square matrices on all threads: what everything else is held against.

import Autograd
import Kernels

extension BenchmarkCase {
  static func matrixProduct(_ name: String, side: Int) -> BenchmarkCase {
    BenchmarkCase(
      name: name, summary: "product of two \(side)×\(side) matrices",
      operations: 2 * Double(side * side * side)
    ) { _ in
      let a = Tensor.uniform([side, side], in: -1..<1, key: Key(seed: 1))
      let b = Tensor.uniform([side, side], in: -1..<1, key: Key(seed: 2))
      let c = Buffer(count: side * side)
      func multiply() {
        a.withElements { a in
          b.withElements { b in
            guard let a = a.baseAddress, let b = b.baseAddress else { return }
            MatrixMultiply.run(a, transA: false, b, transB: false, into: c.pointer, m: side, n: side, k: side)
          }
        }
      }
      return Work(warmUp: multiply, run: multiply)
    }
  }
}
