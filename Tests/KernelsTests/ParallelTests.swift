import Foundation
import Kernels
import Synchronization
import Testing

@Suite(.serialized) struct ParallelTests {
  @Test func everyChunkRunsOnce() {
    for chunks in [0, 1, 2, 3, 100, 1000] {
      let counts = UnsafeMutablePointer<Int>.allocate(capacity: max(1, chunks))
      defer { counts.deallocate() }
      counts.initialize(repeating: 0, count: max(1, chunks))
      nonisolated(unsafe) let shared = counts
      for _ in 0..<50 { Parallel.forEach(chunks: chunks) { shared[$0] += 1 } }
      #expect((0..<chunks).allSatisfy { counts[$0] == 50 })
    }
  }

  /// More threads than cores: helpers come late, or when nothing is left for them.
  @Test(arguments: [2, 3, 8])
  func everythingIsDoneWhenTheCallReturns(threads: Int) {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    Parallel.threads = threads
    let marks = UnsafeMutablePointer<Int>.allocate(capacity: 64)
    defer { marks.deallocate() }
    nonisolated(unsafe) let shared = marks
    var wrong = 0
    for job in 0..<20_000 {
      let chunks = 2 + job % 31
      marks.initialize(repeating: -1, count: 64)
      Parallel.forEach(chunks: chunks) { shared[$0] = job }
      if (0..<chunks).contains(where: { marks[$0] != job }) || marks[chunks] != -1 { wrong += 1 }
    }
    #expect(wrong == 0)
  }

  @Test func callsInsideCallsAreCarriedOut() {
    let total = Atomic<Int>(0)
    Parallel.forEach(chunks: 8) { _ in
      Parallel.forEach(chunks: 8) { _ in total.add(1, ordering: .relaxed) }
    }
    #expect(total.load(ordering: .relaxed) == 64)
  }

  @Test func matrixProductsAreTheSameForAnyNumberOfThreads() {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let (m, n, k) = (301, 130, 777)
    let a = Buffer(count: m * k)
    let b = Buffer(count: k * n)
    for i in 0..<m * k { a.pointer[i] = Float(i % 17) / 16 - 0.5 }
    for i in 0..<k * n { b.pointer[i] = Float(i % 23) / 22 - 0.5 }
    var results: [[Float]] = []
    for threads in [1, 2, 3] {
      Parallel.threads = threads
      let c = Buffer(count: m * n)
      MatrixMultiply.run(
        a.pointer, transA: false, b.pointer, transB: false, into: c.pointer, m: m, n: n, k: k)
      results.append(Array(UnsafeBufferPointer(start: c.pointer, count: m * n)))
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
    var exact = 0.0
    for i in 0..<k { exact += Double(a.pointer[5 * k + i]) * Double(b.pointer[i * n + 7]) }
    #expect((Double(results[0][5 * n + 7]) - exact).magnitude < 1e-4)
  }

  @Test(arguments: [1, 15, 16, 17, 16384, 100_003])
  func sumsAreExactOnIntegers(count: Int) {
    let x = Buffer(count: count)
    for i in 0..<count { x.pointer[i] = Float(i % 8) }
    #expect(Reductions.sum(x.pointer, count: count) == Float((0..<count).reduce(0) { $0 + $1 % 8 }))
  }
}
