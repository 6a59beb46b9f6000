/// A matrix of doubles `[rows, columns]`, row-major: for statistics, where a network's single precision is
/// too little.
///
/// The factorisations are those of LAPACK, each on one thread, so that they give the same bytes for any
/// number of them.
public struct Matrix: Codable, Equatable, Sendable {
  public let rows, columns: Int
  public var elements: [Double]

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

  public subscript(row: Int, column: Int) -> Double {
    get { elements[row * columns + column] }
    set { elements[row * columns + column] = newValue }
  }

  public var trace: Double { (0..<min(rows, columns)).reduce(0) { $0 + self[$1, $1] } }

  public func transposed() -> Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for row in 0..<rows { for column in 0..<columns { result[column, row] = self[row, column] } }
    return result
  }

  /// selfᵀ·other: `[columns, other.columns]`.
  public func transposedProduct(_ other: Matrix) -> Matrix {
    precondition(
      rows == other.rows, "transposedProduct: \(rows)×\(columns) and \(other.rows)×\(other.columns)")
    var product = Matrix(rows: columns, columns: other.columns)
    guard rows > 0, columns > 0, other.columns > 0 else { return product }
    product.elements.withUnsafeMutableBufferPointer { to in
      let to = to.baseAddress.unsafelyUnwrapped
      elements.withUnsafeBufferPointer { a in
        other.elements.withUnsafeBufferPointer { b in
          let (a, b) = (a.baseAddress.unsafelyUnwrapped, b.baseAddress.unsafelyUnwrapped)
          Parallel.forEach(count: columns, chunkSize: Self.strip) { strip in
            Self.multiply(
              a + strip.lowerBound, columns, b, other.columns, into: to + strip.lowerBound * other.columns,
              other.columns, m: strip.count, n: other.columns, k: rows)
          }
        }
      }
    }
    return product
  }

  /// selfᵀ·self: `[columns, columns]`, the upper triangle computed and mirrored.
  public func gram() -> Matrix {
    var product = Matrix(rows: columns, columns: columns)
    guard rows > 0 else { return product }
    let strips = (columns + Self.strip - 1) / Self.strip
    let pairs = (0..<strips).flatMap { i in (i..<strips).map { (i, $0) } }
    product.elements.withUnsafeMutableBufferPointer { to in
      let to = to.baseAddress.unsafelyUnwrapped
      elements.withUnsafeBufferPointer { a in
        let a = a.baseAddress.unsafelyUnwrapped
        Parallel.forEach(chunks: pairs.count) { index in
          let (i, j) = (pairs[index].0 * Self.strip, pairs[index].1 * Self.strip)
          Self.multiply(
            a + i, columns, a + j, columns, into: to + i * columns + j, columns,
            m: min(Self.strip, columns - i),
            n: min(Self.strip, columns - j), k: rows)
        }
      }
      for i in 0..<columns { for j in 0..<i { to[i * columns + j] = to[j * columns + i] } }
    }
    return product
  }

  /// Columns of a product that are one piece of work.
  private static let strip = 128

  /// C `[m, n]` = Aᵀ·B for A stored `[k, m]` and B `[k, n]`, with the given row strides.
  private static func multiply(
    _ a: UnsafePointer<Double>, _ lda: Int, _ b: UnsafePointer<Double>, _ ldb: Int,
    into c: UnsafeMutablePointer<Double>, _ ldc: Int, m: Int, n: Int, k: Int
  ) {
    let (rowMajor, plain, transposed): (Int32, Int32, Int32) = (101, 111, 112)
    OpenBLAS.required.dgemm(
      rowMajor, transposed, plain, Int32(m), Int32(n), Int32(k), 1, a, Int32(lda), b, Int32(ldb), 0, c,
      Int32(ldc))
  }
}
