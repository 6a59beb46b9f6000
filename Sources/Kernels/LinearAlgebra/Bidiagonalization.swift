/// M = P·Bᵀ·Qᵀ for a matrix M `[m, n]`: P and Q orthogonal, B upper bidiagonal of r = min(m, n) rows (dgebrd;
/// Golub and Kahan 1965).
///
/// It is what a singular value decomposition begins with, and most of its work. B has M's singular values,
/// and MMᵀ = P·BᵀB·Pᵀ with BᵀB tridiagonal, so that for vectors z = Pᵀx a product with (MMᵀ + s²)⁻¹ costs r
/// operations instead of r²: singular vectors are never computed.
public struct Bidiagonalization: Sendable {
  /// B's diagonal, `[r]`.
  public let diagonal: [Double]
  /// What stands above B's diagonal, `[r - 1]`.
  public let superdiagonal: [Double]
  private let rows, columns: Int
  /// Householder vectors and their factors, as LAPACK leaves them.
  private let reflectors, rightScales: [Double]

  /// The bidiagonal form of a matrix M `[m, n]`, of any shape.
  ///
  /// - Precondition: OpenBLAS could be loaded (``OpenBLAS/loaded``), unless M is empty.
  public init(_ matrix: Matrix) {
    (rows, columns) = (matrix.rows, matrix.columns)
    let count = min(rows, columns)
    guard count > 0 else {
      (diagonal, superdiagonal, reflectors, rightScales) = ([], [], [], [])
      return
    }
    // LAPACK's matrices are by columns: it sees Mᵀ `[n, m]` = Q·B·Pᵀ.
    let (m, n) = (Int32(columns), Int32(rows))
    var (a, d, e) = (
      matrix.elements, [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
    )
    var (left, right) = (d, d)
    var work = [Double](repeating: 0, count: 64 * (rows + columns))
    var info: Int32 = 0
    OpenBLAS.required.dgebrd([m], [n], &a, [m], &d, &e, &left, &right, &work, [Int32(work.count)], &info)
    precondition(info == 0, "dgebrd: \(info) of a matrix \(matrix.rows)×\(matrix.columns)")
    e.removeLast()
    // Where m > n, LAPACK's B is lower bidiagonal. From the last to the first it is an upper one.
    (diagonal, superdiagonal) = columns < rows ? (d.reversed(), e.reversed()) : (d, e)
    (reflectors, rightScales) = (a, right)
  }

  /// r = min(m, n): how many singular values there are.
  public var count: Int { diagonal.count }

  private var isReversed: Bool { columns < rows }

  /// M's singular values in descending order.
  public func singularValues() throws(Matrix.NoConvergence) -> [Double] {
    guard count > 0 else { return [] }
    var (d, e) = (diagonal, superdiagonal + [0])
    var work = [Double](repeating: 0, count: 8 * count)
    var integers = [Int32](repeating: 0, count: 8 * count)
    var (left, right, unused, unusedIntegers) = ([0.0], [0.0], [0.0], [Int32(0)])
    var info: Int32 = 0
    OpenBLAS.required.dbdsdc(
      "U", "N", [Int32(count)], &d, &e, &left, [1], &right, [1], &unused, &unusedIntegers, &work, &integers,
      &info)
    guard info == 0 else {
      throw Matrix.NoConvergence(description: "dbdsdc: \(info) of a matrix \(rows)×\(columns)")
    }
    return d
  }

  /// The first r rows of Pᵀ·x for x `[m, k]`; the others are 0 wherever x lies in the range of M.
  ///
  /// In the order of ``diagonal``.
  public func leftCoordinates(of x: Matrix) -> Matrix {
    precondition(x.rows == rows, "leftCoordinates: \(x.rows)×\(x.columns) for \(rows)×\(columns)")
    var product = x
    guard count > 0, x.columns > 0 else { return Matrix(rows: count, columns: x.columns) }
    product.elements.withUnsafeMutableBufferPointer { c in
      let c = c.baseAddress.unsafelyUnwrapped
      // By columns x is xᵀ `[k, m]`, to be multiplied by P; each of its rows for itself. In few strips,
      // because each prepares the reflectors anew.
      Parallel.forEach(count: x.columns, chunkSize: max(128, (x.columns + 3) / 4)) { strip in
        var work = [Double](repeating: 0, count: 64 * strip.count + 65 * 64)
        var info: Int32 = 0
        OpenBLAS.required.dormbr(
          "P", "R", "N", [Int32(strip.count)], [Int32(rows)], [Int32(columns)], reflectors, [Int32(columns)],
          rightScales, c + strip.lowerBound, [Int32(x.columns)], &work, [Int32(work.count)], &info)
        precondition(info == 0, "dormbr: \(info) of a matrix \(rows)×\(columns)")
      }
    }
    let width = x.columns
    let order = isReversed ? Array((0..<count).reversed()) : Array(0..<count)
    return Matrix(
      rows: count, columns: width,
      order.flatMap { product.elements[$0 * width..<($0 + 1) * width] })
  }
}
