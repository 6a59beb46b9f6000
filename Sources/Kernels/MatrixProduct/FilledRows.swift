/// Rows of `count` numbers, filled up with zeros to whole vectors of 16: what ``TiledProduct`` takes for a
/// factor B, and leaves for a result C.
struct FilledRows {
  let count: Int
  var width: Int { (count + 15) / 16 * 16 }

  /// A matrix's rows; they are there as long as this is.
  struct Matrix {
    let pointer: UnsafePointer<Float>
    fileprivate let copy: Buffer?
  }

  /// A matrix `[rows, count]`: itself where its rows are full.
  func filled(_ matrix: UnsafePointer<Float>, rows: Int) -> Matrix {
    guard width > count else { return Matrix(pointer: matrix, copy: nil) }
    let copy = Buffer(count: rows * width)
    for row in 0..<rows {
      let target = copy.pointer + row * width
      target.update(from: matrix + row * count, count: count)
      (target + count).update(repeating: 0, count: width - count)
    }
    return Matrix(pointer: copy.pointer, copy: copy)
  }

  /// The transpose of a matrix `[count, rows]`, on all threads.
  func filled(transposing matrix: UnsafePointer<Float>, rows: Int) -> Matrix {
    let copy = Buffer(count: rows * width)
    if width > count { Elementwise.fill(copy.pointer, count: rows * width, with: 0) }
    Transposition.run(matrix, lda: rows, rows: count, columns: rows, into: copy.pointer, ldb: width)
    return Matrix(pointer: copy.pointer, copy: copy)
  }

  /// Brings what `fill` makes of full rows, or adds to them, into a matrix `[rows, count]`.
  ///
  /// - Parameter fill: is told whether it is to add.
  func store(
    into matrix: UnsafeMutablePointer<Float>, rows: Int, adding: Bool,
    _ fill: (_ target: UnsafeMutablePointer<Float>, _ adding: Bool) -> Void
  ) {
    guard width > count else { return fill(matrix, adding) }
    let result = Buffer(count: rows * width)
    fill(result.pointer, false)
    for row in 0..<rows {
      let (from, to) = (result.pointer + row * width, matrix + row * count)
      if adding { for i in 0..<count { to[i] += from[i] } } else { to.update(from: from, count: count) }
    }
  }
}
