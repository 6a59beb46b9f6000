/// A factor B `[rows, columns]` of many products, cut into panels as wide as a tile that lie one behind
/// the other: each is read from its start to its end, which a processor can foresee.
struct ProductPanels {
  let rows, columns: Int

  private static var width: Int { TiledProduct.columnsPerTile }
  /// Copied by one thread at a time.
  private static let rowsPerChunk = 64

  var count: Int { rows * columns }

  /// Where an element lies.
  func offset(_ row: Int, _ column: Int) -> Int {
    let first = column / Self.width * Self.width
    return first * rows + row * min(Self.width, columns - first) + column - first
  }

  /// B, stored row-major, in panels; on all threads.
  func copy(of b: UnsafePointer<Float>) -> Buffer {
    let copy = Buffer(count: count)
    Parallel.forEach(count: rows, chunkSize: Self.rowsPerChunk) { rows in
      for row in rows {
        for first in stride(from: 0, to: columns, by: Self.width) {
          let panel = copy.pointer + offset(row, first)
          panel.update(from: b + (row * columns + first), count: min(Self.width, columns - first))
        }
      }
    }
    return copy
  }

  /// C `[m, columns]` = op(A)·B on the calling thread.
  ///
  /// - Parameter a: stored `[m, rows]`, or `[rows, m]` where `transA`.
  func multiply(
    _ a: UnsafePointer<Float>, transA: Bool = false, lda: Int, _ b: UnsafePointer<Float>,
    into c: UnsafeMutablePointer<Float>, ldc: Int, m: Int, adding: Bool = false
  ) {
    for first in stride(from: 0, to: columns, by: Self.width) {
      let width = min(Self.width, columns - first)
      MatrixMultiply.serial(
        a, transA: transA, lda: lda, b + first * rows, ldb: width, into: c + first, ldc: ldc, m: m, n: width,
        k: rows, adding: adding)
    }
  }
}
