/// Products of doubles, in pieces of fixed size on all threads.
extension Matrix {
  /// self·otherᵀ: `[rows, other.rows]`.
  public func product(transposing other: Matrix) -> Matrix {
    precondition(
      columns == other.columns, "product: \(rows)×\(columns) and \(other.rows)×\(other.columns), transposed")
    var product = Matrix(rows: rows, columns: other.rows)
    guard rows > 0, columns > 0, other.rows > 0 else { return product }
    product.elements.withUnsafeMutableBufferPointer { to in
      let to = to.baseAddress.unsafelyUnwrapped
      Parallel.forEach(count: rows, chunkSize: Self.width(of: rows)) { strip in
        elements.withUnsafeBufferPointer { a in
          OpenBLAS.required.multiply(
            a.baseAddress.unsafelyUnwrapped + strip.lowerBound * columns, transposed: false, lda: columns,
            other.elements, transposed: true, ldb: columns, into: to + strip.lowerBound * other.rows,
            ldc: other.rows, m: strip.count, n: other.rows, k: columns, beta: 0)
        }
      }
    }
    return product
  }

  /// (x - mean)·basisᵀ for some of the rows x, written one after another on the calling thread.
  ///
  /// - Parameter basis: `[n, columns]`, a row for each coordinate.
  package func write(
    _ rows: Range<Int>, less mean: [Double], inBasis basis: Matrix,
    to target: UnsafeMutablePointer<Double>
  ) {
    precondition(basis.columns == columns && mean.count == columns, "write: a basis of \(basis.columns)")
    var centered = [Double](repeating: 0, count: rows.count * columns)
    center(rows, on: mean, into: &centered)
    OpenBLAS.required.multiply(
      centered, transposed: false, lda: columns, basis.elements, transposed: true, ldb: columns,
      into: target, ldc: basis.rows, m: rows.count, n: basis.rows, k: columns, beta: 0)
  }

  // MARK: - Gram matrices

  /// selfᵀ·self: `[columns, columns]`, the upper triangle computed and mirrored.
  public func gram() -> Matrix {
    var product = Matrix(rows: columns, columns: columns)
    guard rows > 0 else { return product }
    elements.withUnsafeBufferPointer {
      product.addGram($0.baseAddress.unsafelyUnwrapped, rows: rows, beta: 0)
    }
    product.mirror()
    return product
  }

  /// XᵀX `[columns, columns]` of a matrix X `[rows, columns]` that is never whole in memory.
  ///
  /// - Parameters:
  ///   - progress: called after each of the ``gramSteps(rows:columns:)``.
  ///   - write: writes some consecutive rows of X; called on all threads.
  package static func gram(
    rows: Int, columns: Int, progress: () -> Void = {},
    _ write: (_ rows: Range<Int>, _ target: UnsafeMutablePointer<Double>) -> Void
  ) -> Matrix {
    var product = Matrix(rows: columns, columns: columns)
    guard rows > 0, columns > 0 else { return product }
    let size = rowsPerStep(columns: columns)
    var block = [Double](repeating: 0, count: min(size, rows) * columns)
    for first in stride(from: 0, to: rows, by: size) {
      let count = min(size, rows - first)
      block.withUnsafeMutableBufferPointer { block in
        let block = block.baseAddress.unsafelyUnwrapped
        Parallel.forEach(count: count, chunkSize: rowsPerCall) { part in
          write(first + part.lowerBound..<first + part.upperBound, block + part.lowerBound * columns)
        }
        product.addGram(block, rows: count, beta: first == 0 ? 0 : 1)
      }
      progress()
    }
    product.mirror()
    return product
  }

  package static func gramSteps(rows: Int, columns: Int) -> Int {
    let size = rowsPerStep(columns: columns)
    return (rows + size - 1) / size
  }

  private static let rowsPerCall = 512

  /// 32 MiB of doubles.
  private static func rowsPerStep(columns: Int) -> Int { max(rowsPerCall, (1 << 22) / max(1, columns)) }

  /// The upper triangle of beta·self + XᵀX for X `[rows, columns]`.
  private mutating func addGram(_ x: UnsafePointer<Double>, rows: Int, beta: Double) {
    let (columns, width) = (columns, columns > 1024 ? 256 : 128)
    let strips = (columns + width - 1) / width
    let pairs = (0..<strips).flatMap { i in (i..<strips).map { (i * width, $0 * width) } }
    elements.withUnsafeMutableBufferPointer { to in
      let to = to.baseAddress.unsafelyUnwrapped
      Parallel.forEach(chunks: pairs.count) { index in
        let (i, j) = pairs[index]
        OpenBLAS.required.multiply(
          x + i, transposed: true, lda: columns, x + j, transposed: false, ldb: columns,
          into: to + i * columns + j, ldc: columns, m: min(width, columns - i), n: min(width, columns - j),
          k: rows, beta: beta)
      }
    }
  }

  /// The lower triangle becomes that of the upper one's mirror image.
  private mutating func mirror() {
    let (columns, side) = (columns, 64)
    elements.withUnsafeMutableBufferPointer { x in
      let x = x
      Parallel.forEach(count: columns, chunkSize: side) { rows in
        for first in stride(from: 0, to: rows.upperBound, by: side) {
          for i in rows {
            for j in first..<min(first + side, i) { x[i * columns + j] = x[j * columns + i] }
          }
        }
      }
    }
  }

  /// Rows or columns of a product that are one piece of work: more for large ones, because each piece brings
  /// the other factor into the library's order.
  private static func width(of side: Int) -> Int { side > 1024 ? 512 : 128 }
}

extension OpenBLAS {
  /// C ← op(A)·op(B) + beta·C in double precision, on the calling thread; as the one of single precision.
  @inline(__always)
  func multiply(
    _ a: UnsafePointer<Double>, transposed transA: Bool, lda: Int,
    _ b: UnsafePointer<Double>, transposed transB: Bool, ldb: Int,
    into c: UnsafeMutablePointer<Double>, ldc: Int, m: Int, n: Int, k: Int, beta: Double
  ) {
    let (rowMajor, plain, transposed): (Int32, Int32, Int32) = (101, 111, 112)
    dgemm(
      rowMajor, transA ? transposed : plain, transB ? transposed : plain, Int32(m), Int32(n), Int32(k), 1, a,
      Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }
}
