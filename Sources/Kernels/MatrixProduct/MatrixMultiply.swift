/// C = op(A)·op(B) (+ C), row-major, on all threads.
///
/// By `TiledProduct`; by OpenBLAS in builds for any processor. The product is cut along one side of C into
/// strips whose number follows from the shapes alone.
public enum MatrixMultiply {
  /// Below this many floating-point operations a strip is not worth handing over.
  private static let operationsPerStrip = 2_000_000
  private static let mostStrips = 16

  /// Overwrites C `[m, n]` with op(A) `[m, k]` · op(B) `[k, n]`, or adds the product to it.
  ///
  /// `a` is stored `[m, k]`, or `[k, m]` where `transA`; `b` is stored `[k, n]`, or `[n, k]` where `transB`.
  /// `precision` is that of the factors; small sides that fill no vector are multiplied in float32 all the
  /// same.
  public static func run(
    _ a: UnsafePointer<Float>, transA: Bool, _ b: UnsafePointer<Float>, transB: Bool,
    into c: UnsafeMutablePointer<Float>, m: Int, n: Int, k: Int, adding: Bool = false,
    precision: ProductPrecision = .float32
  ) {
    if precision == .bfloat16, n % 16 == 0 || transB && !adding && m % 16 == 0 {
      runBFloat16(a, transA: transA, b, transB: transB, into: c, m: m, n: n, k: k, adding: adding)
      return
    }
    guard TiledProduct.isAvailable else {
      runOpenBLAS(a, transA: transA, b, transB: transB, into: c, m: m, n: n, k: k, adding: adding)
      return
    }
    if !transB, n % 16 == 0 {
      tiled(a, transA: transA, b, into: c, m: m, n: n, k: k, adding: adding)
    } else if transB, !adding, m % 16 == 0, m * k + m * n < n * k {
      // Cᵀ = B·Aᵀ: B is the larger matrix and stays as it is.
      transposedResult(a, transA: transA, b, into: c, m: m, n: n, k: k)
    } else {
      paddedFactor(a, transA: transA, b, transB: transB, into: c, m: m, n: n, k: k, adding: adding)
    }
  }

  /// C `[m, n]` for B as it is stored; n is a multiple of 16.
  private static func tiled(
    _ a: UnsafePointer<Float>, transA: Bool, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
    m: Int, n: Int, k: Int, adding: Bool
  ) {
    let (rowStep, columnStep) = transA ? (1, m) : (k, 1)
    let strips = Strips(m: m, n: n, k: k, rows: TiledProduct.rowsPerTile, columns: 64)
    if strips.alongRows, strips.count > 1, TiledProduct.copiesPanels(ofRows: n, for: strips.width),
      !(transA && TiledProduct.copiesColumns(for: n))
    {
      // Each strip would copy the same panels.
      let panels = ProductPanels(rows: k, columns: n)
      let copy = panels.copy(of: b)
      return strips.forEach { rows, _ in
        panels.multiply(
          a + rows.lowerBound * rowStep, transA: transA, lda: transA ? m : k, copy.pointer,
          into: c + rows.lowerBound * n, ldc: n, m: rows.count, adding: adding)
      }
    }
    strips.forEach { rows, columns in
      TiledProduct.multiply(
        a + rows.lowerBound * rowStep, rowStep: rowStep, columnStep: columnStep, b + columns.lowerBound,
        ldb: n,
        into: c + (rows.lowerBound * n + columns.lowerBound), ldc: n, m: rows.count, n: columns.count, k: k,
        adding: adding)
    }
  }

  /// By ``PairProduct``.
  private static func runBFloat16(
    _ a: UnsafePointer<Float>, transA: Bool, _ b: UnsafePointer<Float>, transB: Bool,
    into c: UnsafeMutablePointer<Float>, m: Int, n: Int, k: Int, adding: Bool
  ) {
    func product(
      _ a: UnsafePointer<Float>, transA: Bool, _ b: UnsafePointer<Float>,
      into c: UnsafeMutablePointer<Float>, m: Int, n: Int
    ) {
      let lda = transA ? m : k
      let strips = Strips(m: m, n: n, k: k, rows: TiledProduct.rowsPerTile, columns: 64)
      // What every strip needs whole is packed once.
      let whole =
        strips.alongRows ? nil : PairFactor(a, transA: transA, lda: lda, m: m, k: k, onAllThreads: true)
      strips.forEach { rows, columns in
        let factor =
          whole
          ?? PairFactor(
            a + rows.lowerBound * (transA ? 1 : lda), transA: transA, lda: lda, m: rows.count, k: k)
        PairProduct.multiply(
          factor, b + columns.lowerBound, ldb: n, into: c + (rows.lowerBound * n + columns.lowerBound),
          ldc: n, m: rows.count, n: columns.count, k: k, adding: adding)
      }
    }
    guard transB else { return product(a, transA: transA, b, into: c, m: m, n: n) }
    if !adding, m % 16 == 0, m * k + m * n < n * k || n % 16 != 0 {
      // Cᵀ = B·op(A)ᵀ: B is the larger matrix and stays as it is.
      let result = Buffer(count: n * m)
      let factor = transA ? nil : Buffer(count: k * m)
      if let factor { Transposition.run(a, lda: k, rows: m, columns: k, into: factor.pointer, ldb: m) }
      product(
        b, transA: false, factor.map { UnsafePointer($0.pointer) } ?? a, into: result.pointer, m: n, n: m)
      Transposition.run(result.pointer, lda: m, rows: n, columns: m, into: c, ldb: n)
    } else {
      let factor = Buffer(count: k * n)
      Transposition.run(b, lda: k, rows: n, columns: k, into: factor.pointer, ldb: n)
      product(a, transA: transA, factor.pointer, into: c, m: m, n: n)
    }
  }

  /// Through Cᵀ `[n, m]` = B·op(A)ᵀ, for B stored `[n, k]`.
  private static func transposedResult(
    _ a: UnsafePointer<Float>, transA: Bool, _ b: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
    m: Int, n: Int, k: Int
  ) {
    let result = Buffer(count: n * m)
    if transA {
      tiled(b, transA: false, a, into: result.pointer, m: n, n: m, k: k, adding: false)
    } else {
      let factor = Buffer(count: k * m)
      Transposition.run(a, lda: k, rows: m, columns: k, into: factor.pointer, ldb: m)
      tiled(b, transA: false, factor.pointer, into: result.pointer, m: n, n: m, k: k, adding: false)
    }
    Transposition.run(result.pointer, lda: m, rows: n, columns: m, into: c, ldb: n)
  }

  /// With a copy of op(B) that is row-major and filled up with zeros to a multiple of 16 columns.
  private static func paddedFactor(
    _ a: UnsafePointer<Float>, transA: Bool, _ b: UnsafePointer<Float>, transB: Bool,
    into c: UnsafeMutablePointer<Float>, m: Int, n: Int, k: Int, adding: Bool
  ) {
    let columns = FilledRows(count: n)
    let factor = transB ? columns.filled(transposing: b, rows: k) : columns.filled(b, rows: k)
    columns.store(into: c, rows: m, adding: adding) { target, adding in
      tiled(
        a, transA: transA, factor.pointer, into: target, m: m, n: columns.width, k: k, adding: adding)
    }
    withExtendedLifetime(factor) {}
  }

  /// By OpenBLAS, whatever the processor.
  package static func runOpenBLAS(
    _ a: UnsafePointer<Float>, transA: Bool, _ b: UnsafePointer<Float>, transB: Bool,
    into c: UnsafeMutablePointer<Float>, m: Int, n: Int, k: Int, adding: Bool = false
  ) {
    let blas = OpenBLAS.required
    let lda = transA ? m : k
    let ldb = transB ? k : n
    Strips(m: m, n: n, k: k, rows: 16, columns: 16).forEach { rows, columns in
      blas.multiply(
        a + rows.lowerBound * (transA ? 1 : lda), transposed: transA, lda: lda,
        b + columns.lowerBound * (transB ? ldb : 1), transposed: transB, ldb: ldb,
        into: c + (rows.lowerBound * n + columns.lowerBound), ldc: n, m: rows.count, n: columns.count, k: k,
        beta: adding ? 1 : 0)
    }
  }

  /// C, cut into strips of whole units of `rows` or `columns`: along the side that has more of them, or along
  /// columns where there are enough and B is the larger factor, which every strip of rows would read anew.
  private struct Strips {
    let alongRows: Bool
    /// Of all strips but the last.
    let width: Int
    var count: Int { ((alongRows ? m : n) + width - 1) / width }
    private let m, n: Int

    init(m: Int, n: Int, k: Int, rows: Int, columns: Int) {
      (self.m, self.n) = (m, n)
      let count = max(1, min(mostStrips, 2 * m * n * k / operationsPerStrip))
      alongRows = m * columns >= n * rows && (m >= n || n < mostStrips / 2 * columns)
      let (side, unit) = alongRows ? (m, rows) : (n, columns)
      width = max(unit, ((side + count - 1) / count + unit - 1) / unit * unit)
    }

    func forEach(_ body: (_ rows: Range<Int>, _ columns: Range<Int>) -> Void) {
      Parallel.forEach(count: alongRows ? m : n, chunkSize: width) { part in
        if alongRows { body(part, 0..<n) } else { body(0..<m, part) }
      }
    }
  }
}

extension MatrixMultiply {
  /// One product on the calling thread, B `[k, n]` row-major: the step of a larger kernel that is itself cut
  /// into chunks. `lda`, `ldb`, `ldc` are the row strides of the matrices as they are stored; n is a multiple
  /// of 16.
  @inline(__always)
  static func serial(
    _ a: UnsafePointer<Float>, transA: Bool, lda: Int, _ b: UnsafePointer<Float>, ldb: Int,
    into c: UnsafeMutablePointer<Float>, ldc: Int, m: Int, n: Int, k: Int, adding: Bool
  ) {
    if TiledProduct.isAvailable {
      TiledProduct.multiply(
        a, rowStep: transA ? 1 : lda, columnStep: transA ? lda : 1, b, ldb: ldb, into: c, ldc: ldc, m: m,
        n: n,
        k: k, adding: adding)
    } else {
      OpenBLAS.required.multiply(
        a, transposed: transA, lda: lda, b, transposed: false, ldb: ldb, into: c, ldc: ldc, m: m, n: n, k: k,
        beta: adding ? 1 : 0)
    }
  }

  /// Floating-point operations a second of OpenBLAS's product of two 1024×1024 matrices on all threads: the
  /// best of some repetitions, which is what the machine can do when nobody disturbs it.
  public static func measuredRate() -> Double {
    let side = 1024
    let (a, b, c) = (Buffer(count: side * side), Buffer(count: side * side), Buffer(count: side * side))
    for buffer in [a, b] { Elementwise.fill(buffer.pointer, count: side * side, with: 0.5) }
    var best = Duration.seconds(3600)
    for _ in 0..<12 {
      let time = ContinuousClock().measure {
        runOpenBLAS(
          a.pointer, transA: false, b.pointer, transB: false, into: c.pointer, m: side, n: side, k: side)
      }
      best = min(best, time)
    }
    return Double(2 * side * side * side) / (best / .seconds(1))
  }
}

extension OpenBLAS {
  /// The loaded library. Commands look at ``loaded`` first and report its absence as an error.
  static var required: OpenBLAS {
    switch loaded {
    case .success(let library): return library
    case .failure(let error): preconditionFailure(error.description)
    }
  }
}
