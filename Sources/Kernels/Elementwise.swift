/// Loops over every element, on all threads.
///
/// The work is given as a closure over a whole run of elements, not over one: a closure that is called once
/// an element is an indirect call each time, and no vector instruction. Write it with ``loop(_:_:_:_:)``:
///
///     Elementwise.map(x, into: y, count: n) { loop($0, $1, $2) { max($0, 0) } }
public enum Elementwise {
  /// Elements that are read.
  public typealias Input = UnsafePointer<Float>
  /// Elements that are written.
  public typealias Output = UnsafeMutablePointer<Float>
  /// (x, y, count): writes y from x.
  public typealias Unary = (Input, Output, Int) -> Void
  /// (a, b, y, count): writes y from a and b.
  public typealias Binary = (Input, Input, Output, Int) -> Void

  /// y[i] from x[i]
  public static func map(_ x: Input, into y: Output, count: Int, _ body: Unary) {
    Parallel.forEach(count: count, chunkSize: Parallel.elementsPerChunk) { range in
      body(x + range.lowerBound, y + range.lowerBound, range.count)
    }
  }

  /// y[i] from a[i] and b[i]
  public static func map(_ a: Input, _ b: Input, into y: Output, count: Int, _ body: Binary) {
    Parallel.forEach(count: count, chunkSize: Parallel.elementsPerChunk) { range in
      let start = range.lowerBound
      body(a + start, b + start, y + start, range.count)
    }
  }

  /// y[r, c] from a[r, c] and b[c]: a row vector against every row of a `[rows, columns]` matrix.
  public static func mapRows(
    _ a: Input, _ row: Input, into y: Output, rows: Int, columns: Int, _ body: Binary
  ) {
    let rowsPerChunk = max(1, Parallel.elementsPerChunk / max(1, columns))
    Parallel.forEach(count: rows, chunkSize: rowsPerChunk) { range in
      for r in range { body(a + r &* columns, row, y + r &* columns, columns) }
    }
  }

  /// y[i] = value
  public static func fill(_ y: Output, count: Int, with value: Float) {
    Parallel.forEach(count: count, chunkSize: Parallel.elementsPerChunk) { range in
      for i in range { y[i] = value }
    }
  }
}

/// y[i] = f(x[i]) for i in 0..<count, on the calling thread. `f` must be branch-free (`?:` is fine) to be
/// vectorised.
@inlinable @inline(__always)
public func loop(
  _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int, _ f: (Float) -> Float
) {
  for i in 0..<count { y[i] = f(x[i]) }
}

/// y[i] = f(a[i], b[i]) for i in 0..<count, on the calling thread.
@inlinable @inline(__always)
public func loop(
  _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int,
  _ f: (Float, Float) -> Float
) {
  for i in 0..<count { y[i] = f(a[i], b[i]) }
}
