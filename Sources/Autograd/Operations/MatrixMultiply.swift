import Kernels

/// Matrix products, plain and as a dense layer.
extension Tensor {
  /// op(A)·op(B): `[m, k]`·`[k, n]` → `[m, n]`, either operand transposed where asked for.
  ///
  /// For C = A·B: dA = dC·Bᵀ, dB = Aᵀ·dC.
  public static func matmul(
    _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false
  ) -> Tensor {
    precondition(a.rank == 2 && b.rank == 2, "matmul: \(a.shape) and \(b.shape) are not matrices")
    let (m, k) = transposeA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
    let (inner, n) = transposeB ? (b.shape[1], b.shape[0]) : (b.shape[0], b.shape[1])
    precondition(k == inner, "matmul: \(a.shape) and \(b.shape) do not fit (\(k) against \(inner))")
    let pullback: Pullback = { c in
      let (a, b, dy) = (c.x, c.x2, c.dy)
      return [
        c.ifNeeded(0) {
          transposeA
            ? matmul(b, dy, transposeA: transposeB, transposeB: true)
            : matmul(dy, b, transposeB: !transposeB)
        },
        c.ifNeeded(1) {
          transposeB
            ? matmul(dy, a, transposeA: true, transposeB: transposeA)
            : matmul(a, dy, transposeA: !transposeA)
        },
      ]
    }
    return Tensor(shape: [m, n], of: [a, b], pullback: pullback) {
      Kernels.MatrixMultiply.run(
        a.pointer, transA: transposeA, b.pointer, transB: transposeB, into: $0, m: m, n: n, k: k,
        precision: .current)
    }
  }

  /// A dense layer: activation(x·w + b), `[N, in]`·`[in, out]` + `[out]` → `[N, out]`.
  ///
  /// With dz = dy·slope: dx = dz·wᵀ, dw = xᵀ·dz, db = Σ over N of dz.
  public static func dense(
    _ x: Tensor, _ w: Tensor, bias: Tensor? = nil, activation: Activation = .identity
  ) -> Tensor {
    precondition(
      x.rank == 2 && w.rank == 2 && x.shape[1] == w.shape[0]
        && (bias.map { $0.shape == [w.shape[1]] } ?? true),
      "dense: input \(x.shape), weights \(w.shape), bias \(bias?.shape ?? []) do not fit")
    let (m, k, n) = (x.shape[0], x.shape[1], w.shape[1])
    let pullback: Pullback = { c in
      let dz = activation == .identity ? c.dy : activation.gradient(c.dy, at: c.y)
      return [
        c.ifNeeded(0) { matmul(dz, c.x2, transposeB: true) },
        c.ifNeeded(1) { matmul(c.x, dz, transposeA: true) },
      ] + (c.inputs.count > 2 ? [c.ifNeeded(2) { dz.sum(axes: [0]) }] : [])
    }
    let inputs = [x, w] + (bias.map { [$0] } ?? [])
    return Tensor(
      shape: [m, n], of: inputs, keepsOutput: activation != .identity, pullback: pullback
    ) { y in
      Kernels.MatrixMultiply.run(
        x.pointer, transA: false, w.pointer, transB: false, into: y, m: m, n: n, k: k,
        precision: .current)
      let rowsPerChunk = max(1, Parallel.elementsPerChunk / n)
      Parallel.forEach(count: m, chunkSize: rowsPerChunk) { rows in
        activation.apply(y + rows.lowerBound * n, bias: bias?.pointer, rows: rows.count, columns: n)
      }
    }
  }
}
