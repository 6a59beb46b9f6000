/// A factor B `[rows, columns]` of many products, cut into panels as wide as a tile that lie one behind
/// the other: each is read from its start to its end, which a processor can foresee.
struct ProductPanels {
  let rows, columns: Int

  private static var width: Int { TiledProduct.columnsPerTile }

  var count: Int { rows * columns }

  /// Where an element lies.
  func offset(_ row: Int, _ column: Int) -> Int {
    let first = column / Self.width * Self.width
    return first * rows + row * min(Self.width, columns - first) + column - first
  }

  /// C `[m, columns]` = A·B on the calling thread.
  ///
  /// - Parameter a: `[m, rows]`.
  func multiply(
    _ a: UnsafePointer<Float>, lda: Int, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
    ldc: Int, m: Int
  ) {
    for first in stride(from: 0, to: columns, by: Self.width) {
      let width = min(Self.width, columns - first)
      MatrixMultiply.serial(
        a, transA: false, lda: lda, b + first * rows, ldb: width, into: c + first, ldc: ldc, m: m, n: width,
        k: rows, adding: false)
    }
  }
}
