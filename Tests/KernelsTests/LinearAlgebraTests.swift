import Foundation
import Kernels
import Testing

/// Products, bidiagonal forms and distances of doubles.
@Suite struct LinearAlgebraTests {
  private func matrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    let key = Key(seed: seed)
    return Matrix(rows: rows, columns: columns, (0..<rows * columns).map { key.gaussian($0) })
  }

  private func largestDifference(_ a: Matrix, _ b: Matrix) -> Double {
    zip(a.elements, b.elements).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
  }

  @Test func productsAreSumsOfProducts() {
    let (a, b) = (matrix(150, 70, seed: 1), matrix(131, 70, seed: 2))
    let product = a.product(transposing: b)
    #expect(product.rows == 150 && product.columns == 131)
    for (i, j) in [(0, 0), (149, 130), (70, 3), (3, 129)] {
      let exact = (0..<70).reduce(0) { $0 + a[i, $1] * b[j, $1] }
      #expect((product[i, j] - exact).magnitude < 1e-12)
    }
  }

  /// In more than one step, the last one shorter.
  @Test(arguments: [(2200, 2000), (700, 30), (1, 3), (300, 129)])
  func aGramMatrixThatIsNeverWholeIsThatOfTheWhole(rows: Int, columns: Int) {
    let x = matrix(rows, columns, seed: 3)
    var steps = 0
    let found = Matrix.gram(rows: rows, columns: columns, progress: { steps += 1 }) { part, target in
      for i in 0..<part.count * columns { target[i] = x.elements[part.lowerBound * columns + i] }
    }
    #expect(steps == Matrix.gramSteps(rows: rows, columns: columns) && steps == (rows > 2000 ? 2 : 1))
    #expect(largestDifference(found, x.gram()) < 1e-11)
    #expect(found == found.transposed())
    let exact = (0..<rows).reduce(0) { $0 + x[$1, 0] * x[$1, columns - 1] }
    #expect((found[0, columns - 1] - exact).magnitude < 1e-11)
  }

  // MARK: - Bidiagonal form

  /// MMᵀ in the coordinates of the form is BᵀB, and nothing is lost.
  @Test(arguments: [(6, 6), (150, 90), (9, 20), (1, 4), (4, 1), (1, 1)])
  func theSquareIsTridiagonalInCoordinatesOfTheForm(rows: Int, columns: Int) throws {
    let m = matrix(rows, columns, seed: 4)
    let form = Bidiagonalization(m)
    let (d, e) = (form.diagonal, form.superdiagonal)
    let map = form.leftCoordinates(of: m)
    let square = map.product(transposing: map)
    var expected = Matrix(rows: form.count, columns: form.count)
    for k in 0..<form.count {
      expected[k, k] = d[k] * d[k] + (k > 0 ? e[k - 1] * e[k - 1] : 0)
      guard k + 1 < form.count else { continue }
      (expected[k, k + 1], expected[k + 1, k]) = (d[k] * e[k], d[k] * e[k])
    }
    // Pᵀ·MMᵀ·P, as the coordinates of M's columns have it.
    #expect(largestDifference(square, expected) < 1e-11)
    let (values, svd) = (try form.singularValues(), try m.singularValues())
    #expect(zip(values, svd).allSatisfy { ($0 - $1).magnitude < 1e-12 * svd[0] } && values.count == svd.count)
  }

  /// Against eigenvalues of the matrix that is less, which may be singular.
  @Test(arguments: [(20, 20), (30, 12), (12, 30)]) func whatIsTakenAwayIsMissing(rows: Int, columns: Int)
    throws
  {
    let (m, vectors) = (matrix(rows, columns, seed: 5), matrix(11, columns, seed: 6))
    let (weight, square) = (0.01, m.product(transposing: m))
    func trace(_ x: Matrix) throws -> Double {
      let values = try x.symmetricEigenvalues()
      let noise = 1e-12 * (values.last ?? 0)
      return values.reduce(0) { $1 > noise ? $0 + $1.squareRoot() : $0 }
    }
    let form = Bidiagonalization(m)
    // x = M·v, for which MMᵀ stays semidefinite.
    let losses = RankOneDowndates(form, weight: weight).losses(
      of: vectors, mean: [Double](repeating: 0, count: columns), coordinates: form.leftCoordinates(of: m))
    for (row, loss) in losses.enumerated() {
      let x = (0..<rows).map { i in (0..<columns).reduce(0) { $0 + m[i, $1] * vectors[row, $1] } }
      var less = square
      for i in 0..<rows { for j in 0..<rows { less[i, j] -= weight * x[i] * x[j] } }
      let expected = try trace(square) - trace(less)
      #expect((loss / expected - 1).magnitude < 1e-5, "\(loss) for \(expected)")
    }
    let nothing = Bidiagonalization(Matrix(rows: 3, columns: 2))
    let none = RankOneDowndates(nothing, weight: 1).losses(
      of: Matrix(rows: 4, columns: 2), mean: [0, 0], coordinates: Matrix(rows: 2, columns: 2))
    #expect(none == [0, 0, 0, 0])
  }

  // MARK: - Distances

  /// Long vectors, incomplete blocks: each pair once, with the bits that it has row by row.
  @Test(arguments: [(1, 3), (70, 300), (1100, 5), (2049, 2)])
  func distancesWithinASetAreThoseRowByRow(count: Int, dimension: Int) {
    let x = matrix(count, dimension, seed: 7)
    func collect(_ body: (@escaping (PairwiseDistances.Block) -> Void) -> Void) -> [Double] {
      var all = [Double](repeating: -1, count: count * count)
      var visits = [UInt8](repeating: 0, count: count * count)
      all.withUnsafeMutableBufferPointer { all in
        visits.withUnsafeMutableBufferPointer { visits in
          let (all, visits) = (all, visits)
          body { block in
            for row in block.rows {
              for column in block.columns {
                all[row * count + column] = block[row: row][column - block.columns.lowerBound]
                visits[row * count + column] += 1
              }
            }
          }
        }
      }
      #expect(visits.allSatisfy { $0 == 1 })
      return all
    }
    let rowByRow = collect { visit in
      PairwiseDistances.forEachRows(of: x, to: x) { _, blocks in blocks(visit) }
    }
    var steps = 0
    let within = collect { PairwiseDistances.forEachBlock(within: x, progress: { steps += 1 }, $0) }
    #expect(within == rowByRow)
    #expect(steps == PairwiseDistances.steps(within: count, dimension: dimension))
    let exact = (0..<dimension).reduce(0) {
      $0 + (x[0, $1] - x[count - 1, $1]) * (x[0, $1] - x[count - 1, $1])
    }
    #expect((within[count - 1] - exact).magnitude <= 1e-13 * exact)
  }
}
