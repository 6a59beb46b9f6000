/// The innermost loop of ``PairwiseDistances``: four rows against 32 columns, sixteen sums in registers.
enum DistanceTile {
  private static let height = 4
  private static let width = 32
  /// Numbers of a vector that are gone through before the next rows: 32 columns of so many stay in the
  /// first-level cache for all rows of a block. The sums wait in the block; their order stays.
  private static let longestRun = 128

  /// Calls `body` with panels of 32 vectors of `y`, `[m / 32, d, 32]`, zeros after the last one.
  static func withPanels(of y: Matrix, _ body: (UnsafePointer<Double>) -> Void) {
    pack(y).withUnsafeBufferPointer { packed in
      if let panels = packed.baseAddress { body(panels) }
    }
  }

  private static func pack(_ y: Matrix) -> [Double] {
    let d = y.columns
    let panels = (y.rows + width - 1) / width
    var packed = [Double](repeating: 0, count: panels * d * width)
    packed.withUnsafeMutableBufferPointer { to in
      y.elements.withUnsafeBufferPointer { from in
        let (to, from) = (to, from)
        Parallel.forEach(chunks: panels) { panel in
          for column in panel * width..<min(y.rows, (panel + 1) * width) {
            for p in 0..<d { to[(panel * d + p) * width + column % width] = from[column * d + p] }
          }
        }
      }
    }
    return packed
  }

  /// ‖x[i] - y[j]‖² for some rows and columns, the first of these a multiple of 32; the next row of `target`
  /// is `step` further on. Columns beyond the last one are written, up to a multiple of 32, and belong to
  /// nobody.
  static func fill(
    _ target: UnsafeMutablePointer<Double>, step: Int, _ rows: Range<Int>, _ columns: Range<Int>,
    _ x: UnsafePointer<Double>, _ panels: UnsafePointer<Double>, dimension d: Int
  ) {
    for column in stride(from: columns.lowerBound, to: columns.upperBound, by: width) {
      let panel = panels + column / width * d * width
      var done = 0
      repeat {
        let run = done..<min(d, done + longestRun)
        for row in stride(from: rows.lowerBound, to: rows.upperBound, by: height) {
          let to = target + (row - rows.lowerBound) * step + (column - columns.lowerBound)
          let last = min(height, rows.upperBound - row) - 1
          let from = x + row * d + done
          // Rows beyond the last one repeat it, onto itself.
          add(
            from, from + min(1, last) * d, from + min(2, last) * d, from + min(3, last) * d,
            panel + done * width, run.count, isFirst: done == 0, to, to + min(1, last) * step,
            to + min(2, last) * step, to + min(3, last) * step)
        }
        done = run.upperBound
      } while done < d
    }
  }

  private typealias Vector = SIMD8<Double>

  @inline(__always)
  private static func add(
    _ x0: UnsafePointer<Double>, _ x1: UnsafePointer<Double>, _ x2: UnsafePointer<Double>,
    _ x3: UnsafePointer<Double>, _ panel: UnsafePointer<Double>, _ count: Int, isFirst: Bool,
    _ t0: UnsafeMutablePointer<Double>, _ t1: UnsafeMutablePointer<Double>,
    _ t2: UnsafeMutablePointer<Double>, _ t3: UnsafeMutablePointer<Double>
  ) {
    var (s0, s1, s2, s3) = (Sums(), Sums(), Sums(), Sums())
    if !isFirst { (s0, s1, s2, s3) = (Sums(at: t0), Sums(at: t1), Sums(at: t2), Sums(at: t3)) }
    var y = panel
    for p in 0..<count {
      s0.add(x0[p], y)
      s1.add(x1[p], y)
      s2.add(x2[p], y)
      s3.add(x3[p], y)
      y += width
    }
    s3.store(to: t3)
    s2.store(to: t2)
    s1.store(to: t1)
    s0.store(to: t0)
  }

  /// Σ (x - y)² for one x and 32 y.
  private struct Sums {
    private var (a, b, c, d) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)

    init() {}

    @inline(__always)
    init(at source: UnsafePointer<Double>) {
      let source = UnsafeRawPointer(source)
      a = source.loadUnaligned(as: Vector.self)
      b = source.loadUnaligned(fromByteOffset: 64, as: Vector.self)
      c = source.loadUnaligned(fromByteOffset: 128, as: Vector.self)
      d = source.loadUnaligned(fromByteOffset: 192, as: Vector.self)
    }

    @inline(__always)
    mutating func add(_ x: Double, _ y: UnsafePointer<Double>) {
      let y = UnsafeRawPointer(y)
      Self.add(&a, x, y)
      Self.add(&b, x, y + 64)
      Self.add(&c, x, y + 128)
      Self.add(&d, x, y + 192)
    }

    @inline(__always)
    private static func add(_ sum: inout Vector, _ x: Double, _ y: UnsafeRawPointer) {
      let difference = Vector(repeating: x) - y.loadUnaligned(as: Vector.self)
      if Processor.Code.multipliesAndAdds {
        sum.addProduct(difference, difference)
      } else {
        sum += difference * difference
      }
    }

    @inline(__always)
    func store(to target: UnsafeMutablePointer<Double>) {
      let target = UnsafeMutableRawPointer(target)
      target.storeBytes(of: a, as: Vector.self)
      target.storeBytes(of: b, toByteOffset: 64, as: Vector.self)
      target.storeBytes(of: c, toByteOffset: 128, as: Vector.self)
      target.storeBytes(of: d, toByteOffset: 192, as: Vector.self)
    }
  }
}
