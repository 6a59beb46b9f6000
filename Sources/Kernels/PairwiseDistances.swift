/// ‖x[i] - y[j]‖² for all pairs of two sets of vectors, a block at a time: nothing as large as all pairs is
/// ever kept.
///
/// In double precision and by differences, not by ‖x‖² + ‖y‖² - 2·x·y: so equal vectors are exactly 0 apart,
/// a distance does not depend on the order of the two nor on where they stand, and comparisons between
/// distances can be trusted.
public enum PairwiseDistances {
  /// The squared distances between some rows and some columns.
  public struct Block {
    public let rows, columns: Range<Int>
    fileprivate let values: UnsafePointer<Double>

    /// To all ``columns``, in order.
    @inline(__always)
    public subscript(row row: Int) -> UnsafePointer<Double> {
      values + (row - rows.lowerBound) * PairwiseDistances.columnsPerBlock
    }
  }

  private static let rowsPerBlock = 64
  /// 64 rows of this many doubles fill half of the second-level cache.
  private static let columnsPerBlock = 1024
  private static let rowsPerTile = 4
  private static let columnsPerTile = 32

  /// Calls `body` for ranges of rows that together cover `x` `[n, d]`, on all threads; `blocks` then hands
  /// over the distances of these rows to `y` `[m, d]`, the columns in ascending order.
  public static func forEachRows(
    of x: Matrix, to y: Matrix,
    _ body: (_ rows: Range<Int>, _ blocks: (_ visit: (Block) -> Void) -> Void) -> Void
  ) {
    precondition(
      x.columns == y.columns, "PairwiseDistances: vectors of \(x.columns) and \(y.columns) numbers")
    let packed = pack(y)
    packed.withUnsafeBufferPointer { packed in
      let packed = packed
      x.elements.withUnsafeBufferPointer { rows in
        let rows = rows
        Parallel.forEach(count: x.rows, chunkSize: rowsPerBlock) { range in
          withUnsafeTemporaryAllocation(of: Double.self, capacity: rowsPerBlock * columnsPerBlock) { values in
            guard let target = values.baseAddress, let x0 = rows.baseAddress, let panels = packed.baseAddress
            else { return }
            body(range) { visit in
              for start in stride(from: 0, to: y.rows, by: columnsPerBlock) {
                let columns = start..<min(y.rows, start + columnsPerBlock)
                fill(target, range, columns, x0, panels, dimension: x.columns)
                visit(Block(rows: range, columns: columns, values: target))
              }
            }
          }
        }
      }
    }
  }

  /// Panels of 32 vectors, `[m / 32, d, 32]`, zeros after the last one.
  private static func pack(_ y: Matrix) -> [Double] {
    let (d, width) = (y.columns, columnsPerTile)
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

  /// The distances of a block, tile by tile. Columns beyond the last one are written and belong to nobody.
  private static func fill(
    _ target: UnsafeMutablePointer<Double>, _ rows: Range<Int>, _ columns: Range<Int>,
    _ x: UnsafePointer<Double>, _ panels: UnsafePointer<Double>, dimension d: Int
  ) {
    for column in stride(from: columns.lowerBound, to: columns.upperBound, by: columnsPerTile) {
      let panel = panels + column / columnsPerTile * d * columnsPerTile
      for row in stride(from: rows.lowerBound, to: rows.upperBound, by: rowsPerTile) {
        let to = target + (row - rows.lowerBound) * columnsPerBlock + (column - columns.lowerBound)
        let last = min(rowsPerTile, rows.upperBound - row) - 1
        // Rows beyond the last one repeat it, onto itself.
        tile(
          x + row * d, x + (row + min(1, last)) * d, x + (row + min(2, last)) * d,
          x + (row + min(3, last)) * d,
          panel, d, to, to + min(1, last) * columnsPerBlock, to + min(2, last) * columnsPerBlock,
          to + min(3, last) * columnsPerBlock)
      }
    }
  }

  private typealias Vector = SIMD8<Double>

  /// Four rows against 32 columns: sixteen sums in registers.
  @inline(__always)
  private static func tile(
    _ x0: UnsafePointer<Double>, _ x1: UnsafePointer<Double>, _ x2: UnsafePointer<Double>,
    _ x3: UnsafePointer<Double>, _ panel: UnsafePointer<Double>, _ d: Int,
    _ t0: UnsafeMutablePointer<Double>, _ t1: UnsafeMutablePointer<Double>,
    _ t2: UnsafeMutablePointer<Double>, _ t3: UnsafeMutablePointer<Double>
  ) {
    var (s0, s1, s2, s3) = (Sums(), Sums(), Sums(), Sums())
    var y = panel
    for p in 0..<d {
      s0.add(x0[p], y)
      s1.add(x1[p], y)
      s2.add(x2[p], y)
      s3.add(x3[p], y)
      y += columnsPerTile
    }
    s3.store(to: t3)
    s2.store(to: t2)
    s1.store(to: t1)
    s0.store(to: t0)
  }

  /// Σ (x - y)² for one x and 32 y.
  private struct Sums {
    private var (a, b, c, d) = (Vector.zero, Vector.zero, Vector.zero, Vector.zero)

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
      #if ASSAY_PORTABLE
        sum += difference * difference
      #else
        sum.addProduct(difference, difference)
      #endif
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
