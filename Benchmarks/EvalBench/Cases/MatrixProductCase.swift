// A product of two matrices on all threads: by OpenBLAS, what everything else is held against, and by our own
// kernel.

import Autograd
import Kernels

extension BenchmarkCase {
  /// Of two square matrices.
  static func matrixProduct(
    _ name: String, side: Int, byOpenBLAS: Bool, precision: ProductPrecision = .float32
  ) -> BenchmarkCase {
    product(
      name, "product of two \(side)×\(side) matrices", m: side, n: side, k: side, byOpenBLAS: byOpenBLAS,
      precision: precision)
  }

  /// The gradient of a dense layer's weights: xᵀ·dy.
  static func denseGradient(_ name: String, inputs: Int, outputs: Int, batchSize: Int) -> BenchmarkCase {
    product(
      name, "weight gradient of a dense layer \(inputs) → \(outputs), batch \(batchSize)", m: inputs,
      n: outputs, k: batchSize, transA: true)
  }

  /// A `[m, k]` or, where `transA`, stored `[k, m]`, times B `[k, n]`.
  private static func product(
    _ name: String, _ summary: String, m: Int, n: Int, k: Int, transA: Bool = false,
    byOpenBLAS: Bool = false, precision: ProductPrecision = .float32
  ) -> BenchmarkCase {
    BenchmarkCase(
      name: name, summary: "\(summary), \(byOpenBLAS ? "OpenBLAS" : "own kernel, \(precision.rawValue)")",
      operations: 2 * Double(m * n * k)
    ) { _ in
      let a = Tensor.uniform([m, k], in: -1..<1, key: Key(seed: 1))
      let b = Tensor.uniform([k, n], in: -1..<1, key: Key(seed: 2))
      let c = Buffer(count: m * n)
      func multiply() {
        a.withElements { a in
          b.withElements { b in
            guard let a = a.baseAddress, let b = b.baseAddress else { return }
            if byOpenBLAS {
              MatrixMultiply.runOpenBLAS(
                a, transA: transA, b, transB: false, into: c.pointer, m: m, n: n, k: k)
            } else {
              MatrixMultiply.run(
                a, transA: transA, b, transB: false, into: c.pointer, m: m, n: n, k: k, precision: precision)
            }
          }
        }
      }
      return Work(warmUp: multiply, run: multiply)
    }
  }
}
