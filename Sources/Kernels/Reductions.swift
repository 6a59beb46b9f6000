/// Sums and maxima, on all threads, the same bytes for any number of them: chunks of a fixed size are reduced
/// on their own and then combined in order.
public enum Reductions {
  private static let rowsPerChunk = 512

  /// Σ x[i]. Sixteen running sums a chunk, the chunks combined in double precision.
  public static func sum(_ x: UnsafePointer<Float>, count: Int) -> Float {
    let size = Parallel.elementsPerChunk
    let chunks = (count + size - 1) / size
    guard chunks > 1 else { return Float(chunkSum(x, count)) }
    var partials = [Double](repeating: 0, count: chunks)
    partials.withUnsafeMutableBufferPointer { partials in
      let partials = partials
      Parallel.forEach(chunks: chunks) { chunk in
        let start = chunk * size
        partials[chunk] = chunkSum(x + start, min(size, count - start))
      }
    }
    return Float(partials.reduce(0, +))
  }

  private static func chunkSum(_ x: UnsafePointer<Float>, _ count: Int) -> Double {
    var lanes = SIMD16<Float>.zero
    let whole = count / 16 * 16
    for i in stride(from: 0, to: whole, by: 16) {
      lanes += UnsafeRawPointer(x + i).loadUnaligned(as: SIMD16<Float>.self)
    }
    var total = 0.0
    for lane in 0..<16 { total += Double(lanes[lane]) }
    for i in whole..<count { total += Double(x[i]) }
    return total
  }

  /// y[o, i] = Σ_r x[o, r, i] for x of shape `[outer, reduced, inner]`.
  public static func sum(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, outer: Int, reduced: Int, inner: Int
  ) {
    if inner == 1 {
      let perChunk = max(1, Parallel.elementsPerChunk / max(1, reduced))
      Parallel.forEach(count: outer, chunkSize: perChunk) { range in
        for o in range { y[o] = Float(chunkSum(x + o * reduced, reduced)) }
      }
    } else if outer == 1 {
      sumRows(x, into: y, rows: reduced, columns: inner)
    } else {
      Parallel.forEach(count: outer, chunkSize: max(1, Parallel.elementsPerChunk / (reduced * inner + 1))) {
        range in
        for o in range {
          addRows(x + o * reduced * inner, into: y + o * inner, rows: reduced, columns: inner)
        }
      }
    }
  }

  /// y[c] = Σ_r x[r, c]
  private static func sumRows(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, rows: Int, columns: Int
  ) {
    let chunks = (rows + rowsPerChunk - 1) / rowsPerChunk
    let partial = Buffer(count: max(1, chunks) * columns)
    let partials = partial.pointer
    Parallel.forEach(chunks: chunks) { chunk in
      let start = chunk * rowsPerChunk
      addRows(
        x + start * columns, into: partials + chunk * columns, rows: min(rowsPerChunk, rows - start),
        columns: columns)
    }
    addRows(partials, into: y, rows: chunks, columns: columns)
  }

  /// The sum of a few rows, one after the other; overwrites `y`.
  private static func addRows(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, rows: Int, columns: Int
  ) {
    for c in 0..<columns { y[c] = 0 }
    for r in 0..<rows {
      let row = x + r * columns
      for c in 0..<columns { y[c] += row[c] }
    }
  }

  /// y[o, i] = max_r x[o, r, i]
  public static func maximum(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, outer: Int, reduced: Int, inner: Int
  ) {
    let perChunk = max(1, Parallel.elementsPerChunk / (reduced * inner + 1))
    Parallel.forEach(count: outer, chunkSize: perChunk) { range in
      for o in range {
        let block = x + o * reduced * inner
        let best = y + o * inner
        for i in 0..<inner { best[i] = block[i] }
        for r in 1..<max(1, reduced) {
          let row = block + r * inner
          for i in 0..<inner { best[i] = row[i] > best[i] ? row[i] : best[i] }
        }
      }
    }
  }
}
