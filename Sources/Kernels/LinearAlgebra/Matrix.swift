/// A matrix of doubles `[rows, columns]`, row-major: for statistics, where a network's single precision is
/// too little.
///
/// The factorisations are those of LAPACK, each on one thread, so that they give the same bytes for any
/// number of them.
public struct Matrix: Codable, Equatable, Sendable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// Row-major, rows times columns of them; their number must not change.
  public var elements: [Double]

  /// A matrix of these elements, row by row.
  ///
  /// - Precondition: as many elements as rows times columns.
  public init(rows: Int, columns: Int, _ elements: [Double]) {
    precondition(
      elements.count == rows * columns, "Matrix: \(elements.count) elements for \(rows)×\(columns)")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// All zeros.
  public init(rows: Int, columns: Int) {
    self.init(rows: rows, columns: columns, [Double](repeating: 0, count: rows * columns))
  }

  /// The element in a row and a column, both counted from 0.
  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  /// The sum of the diagonal, also of a matrix that is not square.
  public var trace: Double { (0..<min(rows, columns)).reduce(0) { $0 + self[$1, $1] } }

  /// The matrix `[columns, rows]` with rows and columns exchanged.
  public func transposed() -> Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for row in 0..<rows { for column in 0..<columns { result[column, row] = self[row, column] } }
    return result
  }

  /// Rows less `mean`, written one after another.
  package func center(
    _ rows: Range<Int>, on mean: [Double], into target: UnsafeMutablePointer<Double>
  ) {
    elements.withUnsafeBufferPointer { x in
      mean.withUnsafeBufferPointer { mean in
        for row in rows {
          let to = target + (row - rows.lowerBound) * columns
          for column in 0..<columns { to[column] = x[row * columns + column] - mean[column] }
        }
      }
    }
  }
}
