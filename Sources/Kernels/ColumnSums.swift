/// Several sums over the rows of a matrix in one pass, on all threads, the same bytes for any number of them.
///
/// For the statistics of a batch: Σ x, Σ (x - mean)², or Σ dy and Σ dy·x̂ side by side.
public enum ColumnSums {
  /// y[s, c] = Σ over the rows of what `add` puts into its partial sums `[sums, columns]`: it is given a run
  /// of rows, and adds them to sums that start at zero.
  public static func run(
    rows: Int, columns: Int, sums: Int = 1, into y: UnsafeMutablePointer<Float>,
    add: (_ rows: Range<Int>, _ partial: UnsafeMutablePointer<Float>) -> Void
  ) {
    let width = sums * columns
    let rowsPerChunk = max(1, Parallel.elementsPerChunk / max(1, columns))
    let chunks = max(1, (rows + rowsPerChunk - 1) / rowsPerChunk)
    let partials = Buffer(count: chunks * width)
    Parallel.forEach(chunks: chunks) { chunk in
      let partial = partials.pointer + chunk * width
      partial.update(repeating: 0, count: width)
      add(chunk * rowsPerChunk..<min(rows, (chunk + 1) * rowsPerChunk), partial)
    }
    Reductions.sum(partials.pointer, into: y, outer: 1, reduced: chunks, inner: width)
  }
}
