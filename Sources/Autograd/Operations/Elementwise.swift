import Kernels

/// How an elementwise operation is made: the loop, and the pullback beside it.
extension Tensor {
  /// `body` writes y from x, run by run; `pullback` gives dx. `dy`, `x` and (where kept) `y` are in the
  /// cotangent.
  func map(
    keepsOutput: Bool = false, _ body: Elementwise.Unary, pullback: @escaping (Cotangent) -> Tensor?
  ) -> Tensor {
    Tensor(shape: shape, of: [self], keepsOutput: keepsOutput, pullback: { [pullback($0)] }) {
      Elementwise.map(pointer, into: $0, count: count, body)
    }
  }

  /// `body` writes y from a and b, run by run, with NumPy broadcasting. The pullbacks give the gradients in
  /// the shape of y; they are summed to the operands' shapes here.
  static func zip(
    _ a: Tensor, _ b: Tensor, _ body: Elementwise.Binary,
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
      if a.shape == shape, b.shape == shape {
        Elementwise.map(a.pointer, b.pointer, into: y, count: a.count, body)
      } else if a.shape == shape, b.count > 1, shape.suffix(b.rank) == b.shape[...] {
        Elementwise.mapRows(a.pointer, b.pointer, into: y, rows: a.count / b.count, columns: b.count, body)
      } else {
        let (wideA, wideB) = (a.detached.broadcast(to: shape), b.detached.broadcast(to: shape))
        Elementwise.map(wideA.pointer, wideB.pointer, into: y, count: shape.product, body)
        withExtendedLifetime((wideA, wideB)) {}
      }
    }
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
