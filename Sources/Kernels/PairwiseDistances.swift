/// ‖x[i] - y[j]‖² for all pairs of two sets of vectors, a block at a time: nothing as large as all pairs is
/// ever kept.
///
/// In double precision and by differences, not by ‖x‖² + ‖y‖² - 2·x·y: so equal vectors are exactly 0 apart,
/// a distance does not depend on the order of the two nor on where they stand, and comparisons between
/// distances can be trusted.
public enum PairwiseDistances {
  /// The squared distances between some rows and some columns.
  public struct Block {
    /// The vectors of the first set, by number.
    public let rows: Range<Int>
    /// The vectors of the second set, or of the same one, by number.
    public let columns: Range<Int>
    fileprivate let values: UnsafePointer<Double>

    /// To all ``columns``, in order.
    @inline(__always)
    public subscript(row row: Int) -> UnsafePointer<Double> {
      values + (row - rows.lowerBound) * PairwiseDistances.columnsPerBlock
    }
  }

  private static let rowsPerBlock = 64
  /// The most columns of a block. 64 rows of this many doubles fill half of the second-level cache.
  public static let columnsPerBlock = 1024

  /// Calls `body` for ranges of rows that together cover `x` `[n, d]`, on all threads; `blocks` then hands
  /// over the distances of these rows to `y` `[m, d]`, the columns in ascending order. `progress` is called
  /// after each of the ``steps(rows:columns:dimension:)``.
  public static func forEachRows(
    of x: Matrix, to y: Matrix, progress: () -> Void = {},
    _ body: (_ rows: Range<Int>, _ blocks: (_ visit: (Block) -> Void) -> Void) -> Void
  ) {
    precondition(
      x.columns == y.columns, "PairwiseDistances: vectors of \(x.columns) and \(y.columns) numbers")
    DistanceTile.withPanels(of: y) { panels in
      x.elements.withUnsafeBufferPointer { rows in
        let rows = rows
        Parallel.forEach(
          chunks: chunks(x.rows, rowsPerBlock), operations: rowsPerBlock * y.rows * x.columns,
          progress: progress
        ) { chunk in
          let range = chunk * rowsPerBlock..<min(x.rows, (chunk + 1) * rowsPerBlock)
          withUnsafeTemporaryAllocation(of: Double.self, capacity: rowsPerBlock * columnsPerBlock) { values in
            guard let target = values.baseAddress, let x0 = rows.baseAddress else { return }
            body(range) { visit in
              for start in stride(from: 0, to: y.rows, by: columnsPerBlock) {
                let columns = start..<min(y.rows, start + columnsPerBlock)
                DistanceTile.fill(
                  target, step: columnsPerBlock, range, columns, x0, panels, dimension: x.columns)
                visit(Block(rows: range, columns: columns, values: target))
              }
            }
          }
        }
      }
    }
  }

  /// How often ``forEachRows(of:to:progress:_:)`` calls `progress`, for `rows` vectors of x and `columns` of
  /// y that have `dimension` numbers each.
  public static func steps(rows: Int, columns: Int, dimension: Int) -> Int {
    Parallel.steps(chunks: chunks(rows, rowsPerBlock), operations: rowsPerBlock * columns * dimension)
  }

  private static func chunks(_ count: Int, _ size: Int) -> Int { (count + size - 1) / size }

  // MARK: - Within one set

  /// Hands over all distances within `x` `[n, d]`, block by block, on all threads and in no particular order.
  /// The columns of a block are ``columnsPerBlock`` from a multiple of it on, or up to the last; together the
  /// blocks cover each row and column once. `progress` is called after each of the
  /// ``steps(within:dimension:)``.
  ///
  /// A distance is computed once, for (i, j) and (j, i), and has the bits of the other function's.
  public static func forEachBlock(within x: Matrix, progress: () -> Void = {}, _ visit: (Block) -> Void) {
    let side = columnsPerBlock
    let tiles = pairs(x.rows)
    DistanceTile.withPanels(of: x) { panels in
      x.elements.withUnsafeBufferPointer { rows in
        let rows = rows
        Parallel.forEach(
          chunks: tiles.count, operations: side * side * x.columns, progress: progress
        ) { index in
          let (own, other) = tiles[index]
          withUnsafeTemporaryAllocation(of: Double.self, capacity: (side + rowsPerBlock) * side) { values in
            guard let tile = values.baseAddress, let x0 = rows.baseAddress else { return }
            let isDiagonal = own == other
            for start in stride(from: own.lowerBound, to: own.upperBound, by: rowsPerBlock) {
              // Below the diagonal all is known by the rows above.
              let offset = isDiagonal ? start - own.lowerBound : 0
              DistanceTile.fill(
                tile + (start - own.lowerBound) * side + offset, step: side,
                start..<min(own.upperBound, start + rowsPerBlock),
                other.lowerBound + offset..<other.upperBound,
                x0, panels, dimension: x.columns)
            }
            if isDiagonal { mirror(tile, own.count) }
            visit(Block(rows: own, columns: other, values: tile))
            guard !isDiagonal else { return }
            let turned = tile + side * side
            for start in stride(from: other.lowerBound, to: other.upperBound, by: rowsPerBlock) {
              let strip = start..<min(other.upperBound, start + rowsPerBlock)
              transpose(
                tile + (start - other.lowerBound), rows: own.count, columns: strip.count, into: turned)
              visit(Block(rows: strip, columns: own, values: turned))
            }
          }
        }
      }
    }
  }

  /// How often ``forEachBlock(within:progress:_:)`` calls `progress`, for `rows` vectors of `dimension`
  /// numbers each.
  public static func steps(within rows: Int, dimension: Int) -> Int {
    Parallel.steps(chunks: pairs(rows).count, operations: columnsPerBlock * columnsPerBlock * dimension)
  }

  /// The blocks on and above the diagonal.
  private static func pairs(_ count: Int) -> [(Range<Int>, Range<Int>)] {
    let blocks = (0..<chunks(count, columnsPerBlock)).map {
      $0 * columnsPerBlock..<min(count, ($0 + 1) * columnsPerBlock)
    }
    return blocks.indices.flatMap { i in blocks[i...].map { (blocks[i], $0) } }
  }

  /// Below the 64 rows of the diagonal a tile becomes what is above them.
  private static func mirror(_ tile: UnsafeMutablePointer<Double>, _ count: Int) {
    for start in stride(from: rowsPerBlock, to: count, by: rowsPerBlock) {
      for first in stride(from: 0, to: start, by: rowsPerBlock) {
        for row in start..<min(count, start + rowsPerBlock) {
          for column in first..<first + rowsPerBlock {
            tile[row * columnsPerBlock + column] = tile[column * columnsPerBlock + row]
          }
        }
      }
    }
  }

  /// `[rows, columns]` of a tile, turned into `[columns, rows]`.
  private static func transpose(
    _ tile: UnsafePointer<Double>, rows: Int, columns: Int, into target: UnsafeMutablePointer<Double>
  ) {
    for first in stride(from: 0, to: rows, by: 8) {
      for column in 0..<columns {
        for row in first..<min(rows, first + 8) {
          target[column * columnsPerBlock + row] = tile[row * columnsPerBlock + column]
        }
      }
    }
  }
}
