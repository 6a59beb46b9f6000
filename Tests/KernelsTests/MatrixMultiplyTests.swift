import Kernels
import Testing

/// Products against sums in double precision, in all four ways to store the factors, and against OpenBLAS.
@Suite(.serialized) struct MatrixMultiplyTests {
  struct Case: CustomStringConvertible, Sendable {
    let m, n, k: Int
    var description: String { "[\(m), \(k)]·[\(k), \(n)]" }
  }

  /// Whole tiles and broken ones, one row and one column, a long sum, and each of the ways that `run` chooses
  /// among.
  static let cases = [
    Case(m: 1, n: 1, k: 1), Case(m: 6, n: 64, k: 8), Case(m: 7, n: 48, k: 25), Case(m: 13, n: 112, k: 3),
    Case(m: 5, n: 10, k: 300), Case(m: 64, n: 17, k: 33), Case(m: 32, n: 128, k: 784),
    Case(m: 3, n: 16, k: 2500),
    Case(m: 32, n: 300, k: 20), Case(m: 16, n: 1000, k: 65), Case(m: 130, n: 200, k: 96),
    Case(m: 200, n: 112, k: 130),
  ]

  @Test(arguments: cases, [(false, false), (true, false), (false, true), (true, true)])
  func agreesWithDoublePrecision(_ item: Case, _ transposed: (Bool, Bool)) {
    let (m, n, k) = (item.m, item.n, item.k)
    let (transA, transB) = transposed
    let (a, b, before) = (random(m * k, 1), random(k * n, 2), random(m * n, 3))
    for adding in [false, true] {
      let (ours, library) = (copy(of: before, m * n), copy(of: before, m * n))
      MatrixMultiply.run(
        a.pointer, transA: transA, b.pointer, transB: transB, into: ours.pointer, m: m, n: n, k: k,
        adding: adding)
      MatrixMultiply.runOpenBLAS(
        a.pointer, transA: transA, b.pointer, transB: transB, into: library.pointer, m: m, n: n, k: k,
        adding: adding)
      var worst = 0.0
      var worstOfLibrary = 0.0
      for i in 0..<m {
        for j in 0..<n {
          var sum = adding ? Double(before.pointer[i * n + j]) : 0
          for p in 0..<k {
            let x = a.pointer[transA ? p * m + i : i * k + p]
            let y = b.pointer[transB ? j * k + p : p * n + j]
            sum += Double(x) * Double(y)
          }
          worst = max(worst, (Double(ours.pointer[i * n + j]) - sum).magnitude)
          worstOfLibrary = max(worstOfLibrary, (Double(library.pointer[i * n + j]) - sum).magnitude)
        }
      }
      // Sums of k products of numbers below ½, each rounded to 2⁻²⁴ of what has gathered.
      let bound = 3e-8 * Double(k).squareRoot() * Double(k + 8)
      #expect(worst <= bound, "off by \(worst)")
      #expect(worstOfLibrary <= bound, "OpenBLAS is off by \(worstOfLibrary)")
    }
  }

  /// However C is cut, each of its elements is the same sum in the same order.
  @Test(.enabled(if: TiledProduct.isAvailable)) func aRowDoesNotDependOnTheOthers() {
    let (m, n, k) = (41, 80, 1500)
    let (a, b) = (random(m * k, 1), random(k * n, 2))
    let (all, one) = (Buffer(count: m * n), Buffer(count: n))
    MatrixMultiply.run(
      a.pointer, transA: false, b.pointer, transB: false, into: all.pointer, m: m, n: n, k: k)
    for row in 0..<m {
      MatrixMultiply.run(
        a.pointer + row * k, transA: false, b.pointer, transB: false, into: one.pointer, m: 1, n: n, k: k)
      #expect((0..<n).allSatisfy { one.pointer[$0] == all.pointer[row * n + $0] })
    }
  }

  /// Nor does it matter how A is stored.
  @Test(.enabled(if: TiledProduct.isAvailable), arguments: [(41, 208, 1500), (700, 1024, 65), (13, 640, 9)])
  func aFactorStoredByColumnsGivesTheSameBytes(m: Int, n: Int, k: Int) {
    let (a, b) = (random(m * k, 1), random(k * n, 2))
    let (columns, expected, actual) = (Buffer(count: m * k), Buffer(count: m * n), Buffer(count: m * n))
    for i in 0..<m { for p in 0..<k { columns.pointer[p * m + i] = a.pointer[i * k + p] } }
    MatrixMultiply.run(
      a.pointer, transA: false, b.pointer, transB: false, into: expected.pointer, m: m, n: n, k: k)
    MatrixMultiply.run(
      columns.pointer, transA: true, b.pointer, transB: false, into: actual.pointer, m: m, n: n, k: k)
    #expect((0..<m * n).allSatisfy { actual.pointer[$0] == expected.pointer[$0] })
  }

  private func copy(of buffer: Buffer, _ count: Int) -> Buffer {
    let copy = Buffer(count: count)
    copy.pointer.update(from: buffer.pointer, count: count)
    return copy
  }

  private func random(_ count: Int, _ seed: UInt64) -> Buffer {
    let buffer = Buffer(count: count)
    Key(seed: seed).forEachRun(count: count) { start, bits, n in
      for i in 0..<n { buffer.pointer[start + i] = Key.uniform(bits[i]) - 0.5 }
    }
    return buffer
  }
}
