/// LAPACK's factorisations of a ``Matrix``.
extension Matrix {
  /// A factorisation that did not converge; with finite elements LAPACK knows no such case in practice.
  public struct NoConvergence: Error, Equatable, CustomStringConvertible {
    /// The routine of LAPACK, what it returned, and the size of the matrix.
    public let description: String
  }

  /// The eigenvalues of a symmetric matrix in ascending order (dsyevd).
  public func symmetricEigenvalues() throws(NoConvergence) -> [Double] {
    // The least that LAPACK takes is 2n + 1, for which it works column by column instead of block by block.
    try symmetricEigen(job: "N", work: 66 * rows + 1, integers: 1).values
  }

  /// The same, with row i of `vectors` the eigenvector of value i, of length 1.
  public func symmetricEigenvectors() throws(NoConvergence) -> (values: [Double], vectors: Matrix) {
    try symmetricEigen(job: "V", work: 1 + 6 * rows + 2 * rows * rows, integers: 3 + 5 * rows)
  }

  private func symmetricEigen(
    job: String, work: Int, integers: Int
  ) throws(NoConvergence) -> (values: [Double], vectors: Matrix) {
    precondition(rows == columns, "symmetricEigen: \(rows)×\(columns) is not square")
    guard rows > 0 else { return ([], self) }
    var (vectors, values) = (self, [Double](repeating: 0, count: rows))
    let n = Int32(rows)
    var info: Int32 = 0
    var (work, integers) = ([Double](repeating: 0, count: work), [Int32](repeating: 0, count: integers))
    // LAPACK's columns are our rows.
    OpenBLAS.required.dsyevd(
      job, "L", [n], &vectors.elements, [n], &values, &work, [Int32(work.count)], &integers,
      [Int32(integers.count)], &info)
    guard info == 0 else { throw NoConvergence(description: "dsyevd: \(info) of a matrix \(rows)×\(rows)") }
    return (values, vectors)
  }

  /// R `[rank, n]` with RᵀR = self for a positive semidefinite matrix (dpstrf: Cholesky with pivoting, Higham
  /// 2009).
  ///
  /// What is left below n·ε times the largest diagonal element is rounding, and is taken for 0.
  public func semidefiniteFactor() -> Matrix {
    precondition(rows == columns, "semidefiniteFactor: \(rows)×\(columns) is not square")
    guard rows > 0 else { return Matrix(rows: 0, columns: 0) }
    var copy = elements
    var (pivots, work) = ([Int32](repeating: 0, count: rows), [Double](repeating: 0, count: 2 * rows))
    var (rank, info): (Int32, Int32) = (0, 0)
    let n = Int32(rows)
    // A negative tolerance stands for n·ε·max diagonal. A symmetric matrix is the same by rows and by
    // columns; the lower triangle by columns is the upper one by rows.
    OpenBLAS.required.dpstrf("L", [n], &copy, [n], &pivots, &rank, [-1], &work, &info)
    var factor = Matrix(rows: Int(rank), columns: rows)
    // Pᵀ·A·P = L·Lᵀ: column i of Lᵀ belongs to the pivot i.
    for row in 0..<Int(rank) {
      for column in row..<rows { factor[row, Int(pivots[column]) - 1] = copy[row * rows + column] }
    }
    return factor
  }

  /// The singular values in descending order (dgesdd).
  public func singularValues() throws(NoConvergence) -> [Double] {
    let count = min(rows, columns)
    guard count > 0 else { return [] }
    // By columns this is the transpose, which has the same singular values.
    var (copy, values) = (elements, [Double](repeating: 0, count: count))
    let (m, n) = (Int32(columns), Int32(rows))
    var info: Int32 = 0
    var integers = [Int32](repeating: 0, count: 8 * count)
    var (left, right, wanted) = ([0.0], [0.0], [0.0])
    OpenBLAS.required.dgesdd(
      "N", [m], [n], &copy, [m], &values, &left, [1], &right, [1], &wanted, [-1], &integers, &info)
    var work = [Double](repeating: 0, count: Int(wanted[0]))
    OpenBLAS.required.dgesdd(
      "N", [m], [n], &copy, [m], &values, &left, [1], &right, [1], &work, [Int32(work.count)], &integers,
      &info)
    guard info == 0 else {
      throw NoConvergence(description: "dgesdd: \(info) of a matrix \(rows)×\(columns)")
    }
    return values
  }
}
