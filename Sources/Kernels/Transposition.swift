/// y[c, r] = x[r, c], on all threads.
enum Transposition {
  private static let block = 16

  /// x is `[rows, columns]` with `lda` elements from row to row; y is `[columns, rows]` with `ldb`.
  static func run(
    _ x: UnsafePointer<Float>, lda: Int, rows: Int, columns: Int, into y: UnsafeMutablePointer<Float>,
    ldb: Int
  ) {
    let perChunk = max(1, Parallel.elementsPerChunk / (block * max(1, rows)))
    Parallel.forEach(count: (columns + block - 1) / block, chunkSize: perChunk) { strips in
      for strip in strips {
        let first = strip * block
        let last = min(columns, first + block)
        for top in stride(from: 0, to: rows, by: block) {
          let bottom = min(rows, top + block)
          for c in first..<last {
            for r in top..<bottom { y[c &* ldb &+ r] = x[r &* lda &+ c] }
          }
        }
      }
    }
  }
}
