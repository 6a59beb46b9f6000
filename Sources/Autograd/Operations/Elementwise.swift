import Kernels

/// How an elementwise operation is made: the loop, and the pullback beside it.
extension Tensor {
  /// y[i] = f(x[i]); `pullback` gives dx. `dy`, `x` and (where kept) `y` are in the cotangent.
  @inline(__always)
  func map(
    keepsOutput: Bool = false, _ f: (Float) -> Float, pullback: @escaping (Cotangent) -> Tensor?
  ) -> Tensor {
    Tensor(shape: shape, of: [self], keepsOutput: keepsOutput, pullback: { [pullback($0)] }) {
      Kernels.Elementwise.map(pointer, into: $0, count: count, f)
    }
  }

  /// y[i] = f(a[i], b[i]) with NumPy broadcasting. The pullbacks give the gradients in the shape of y; they
  /// are summed to the operands' shapes here.
  @inline(__always)
  static func zip(
    _ a: Tensor, _ b: Tensor, _ f: (Float, Float) -> Float,
    first: @escaping (Cotangent) -> Tensor?, second: @escaping (Cotangent) -> Tensor?
  ) -> Tensor {
    let shape = broadcastShape(a.shape, b.shape)
    let pullback: Pullback = { c in
      [
        c.isNeeded[0] ? first(c)?.summed(to: c.inputs[0].shape) : nil,
        c.isNeeded[1] ? second(c)?.summed(to: c.inputs[1].shape) : nil,
      ]
    }
    return Tensor(shape: shape, of: [a, b], pullback: pullback) { y in
      if a.shape == b.shape {
        Kernels.Elementwise.map(a.pointer, b.pointer, into: y, count: a.count, f)
      } else if a.shape == shape, b.count == 1 {
        let value = b.pointer.pointee
        Kernels.Elementwise.map(a.pointer, into: y, count: a.count) { f($0, value) }
      } else if a.shape == shape, shape.suffix(b.rank) == b.shape[...] {
        Kernels.Elementwise.mapRows(
          a.pointer, b.pointer, into: y, rows: a.count / b.count, columns: b.count, f)
      } else if a.shape == shape, let rows = b.rowCount(against: shape) {
        Kernels.Elementwise.mapColumns(
          a.pointer, b.pointer, into: y, rows: rows, columns: a.count / rows, f)
      } else {
        let (wideA, wideB) = (a.detached.broadcast(to: shape), b.detached.broadcast(to: shape))
        Kernels.Elementwise.map(wideA.pointer, wideB.pointer, into: y, count: shape.product, f)
        withExtendedLifetime((wideA, wideB)) {}
      }
    }
  }

  /// The number of rows if this tensor is `[r, …, 1, 1]` against `shape` `[r, …, h, w]`, else nil.
  private func rowCount(against shape: [Int]) -> Int? {
    guard rank == shape.count, count > 0 else { return nil }
    let leading = Swift.zip(self.shape, shape).prefix { $0 == $1 }.count
    return self.shape.dropFirst(leading).allSatisfy { $0 == 1 } ? count : nil
  }

  /// The common shape of two operands: sizes must be equal or 1, axes aligned at the end.
  static func broadcastShape(_ a: [Int], _ b: [Int]) -> [Int] {
    if a == b { return a }
    let rank = max(a.count, b.count)
    let wideA = [Int](repeating: 1, count: rank - a.count) + a
    let wideB = [Int](repeating: 1, count: rank - b.count) + b
    return Swift.zip(wideA, wideB).map { sizeA, sizeB in
      precondition(sizeA == sizeB || sizeA == 1 || sizeB == 1, "the shapes \(a) and \(b) do not broadcast")
      return sizeA == 1 ? sizeB : sizeA
    }
  }
}
