/// Loops over every element, on all threads.
///
/// `@inlinable`, so that the closure is compiled into the loop at the place of the call and the loop is
/// vectorised there. The closures must be branch-free arithmetic (`?:` is fine) for that to happen.
public enum Elementwise {
  public typealias Input = UnsafePointer<Float>
  public typealias Output = UnsafeMutablePointer<Float>

  /// y[i] = f(x[i])
  @inlinable @inline(__always)
  public static func map(_ x: Input, into y: Output, count: Int, _ f: (Float) -> Float) {
    Parallel.forEach(count: count, chunkSize: Parallel.elementsPerChunk) { range in
      for i in range { y[i] = f(x[i]) }
    }
  }

  /// y[i] = f(a[i], b[i])
  @inlinable @inline(__always)
  public static func map(_ a: Input, _ b: Input, into y: Output, count: Int, _ f: (Float, Float) -> Float) {
    Parallel.forEach(count: count, chunkSize: Parallel.elementsPerChunk) { range in
      for i in range { y[i] = f(a[i], b[i]) }
    }
  }

  /// y[r, c] = f(a[r, c], b[c]): a row vector against every row of a `[rows, columns]` matrix.
  @inlinable @inline(__always)
  public static func mapRows(
    _ a: Input, _ row: Input, into y: Output, rows: Int, columns: Int, _ f: (Float, Float) -> Float
  ) {
    let rowsPerChunk = max(1, Parallel.elementsPerChunk / max(1, columns))
    Parallel.forEach(count: rows, chunkSize: rowsPerChunk) { range in
      for r in range {
        let base = r &* columns
        for c in 0..<columns { y[base &+ c] = f(a[base &+ c], row[c]) }
      }
    }
  }

  /// y[r, c] = f(a[r, c], b[r]): one number a row of a `[rows, columns]` matrix.
  @inlinable @inline(__always)
  public static func mapColumns(
    _ a: Input, _ column: Input, into y: Output, rows: Int, columns: Int, _ f: (Float, Float) -> Float
  ) {
    let rowsPerChunk = max(1, Parallel.elementsPerChunk / max(1, columns))
    Parallel.forEach(count: rows, chunkSize: rowsPerChunk) { range in
      for r in range {
        let base = r &* columns
        let value = column[r]
        for c in 0..<columns { y[base &+ c] = f(a[base &+ c], value) }
      }
    }
  }

  /// y[i] = value
  public static func fill(_ y: Output, count: Int, with value: Float) {
    Parallel.forEach(count: count, chunkSize: Parallel.elementsPerChunk) { range in
      for i in range { y[i] = value }
    }
  }
}
