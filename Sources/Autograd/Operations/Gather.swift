import Kernels

/// Rows of a table by number, and their inverse.
extension Tensor {
  /// Row i of the result is row `indices[i]` of this table `[V, D]`; the gradient is added back to the rows.
  public func gatherRows(_ indices: [Int]) -> Tensor {
    precondition(rank == 2, "gatherRows: the table has the shape \(shape), not [rows, columns]")
    let (rows, columns) = (shape[0], shape[1])
    precondition(indices.allSatisfy { (0..<rows).contains($0) }, "gatherRows: an index is not below \(rows)")
    return Tensor(
      shape: [indices.count, columns], of: [self],
      pullback: { [$0.dy.scatterAddRows(indices, rows: rows)] },
      fill: { y in
        for (i, index) in indices.enumerated() {
          (y + i * columns).update(from: pointer + index * columns, count: columns)
        }
      })
  }

  /// A table `[rows, D]` whose row v is the sum of the rows i with `indices[i] == v` of this `[n, D]`.
  public func scatterAddRows(_ indices: [Int], rows: Int) -> Tensor {
    precondition(
      rank == 2 && shape[0] == indices.count,
      "scatterAddRows: \(indices.count) indices for the shape \(shape)")
    precondition(
      indices.allSatisfy { (0..<rows).contains($0) }, "scatterAddRows: an index is not below \(rows)")
    let columns = shape[1]
    return Tensor(shape: [rows, columns], of: [self], pullback: { [$0.dy.gatherRows(indices)] }) { y in
      for i in 0..<rows * columns { y[i] = 0 }
      for (i, index) in indices.enumerated() {
        let (source, target) = (pointer + i * columns, y + index * columns)
        for c in 0..<columns { target[c] += source[c] }
      }
    }
  }
}
