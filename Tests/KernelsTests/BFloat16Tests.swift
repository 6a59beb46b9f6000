import Foundation
import Kernels
import Testing

/// Products and convolutions with factors in bfloat16, against the same on factors that were rounded before.
@Suite(.serialized) struct BFloat16Tests {
  /// To nearest, ties to even (IEEE 754 §4.3.1), by the definition: of the two neighbours the nearer one.
  @Test func roundingIsToNearestEven() {
    let key = Key(seed: 1)
    let edges: [Float] = [
      0, -0, 1, 1.00390625, 1.01171875, -1.00390625, 3.4e38, -3.4e38, .infinity, -.infinity,
      .leastNonzeroMagnitude,
      .greatestFiniteMagnitude, 1.0039062, 1.0039063,
    ]
    let drawn = (0..<500).map { Float(bitPattern: UInt32(truncatingIfNeeded: key.word($0))) }.filter {
      !$0.isNaN
    }
    for x in edges + drawn {
      let found = BFloat16.rounded(x)
      #expect(found.bitPattern & 0xFFFF == 0)
      guard !x.isSubnormal else {
        #expect(found == 0)
        continue
      }
      let below = Float(bitPattern: x.bitPattern & 0xFFFF_0000)
      let above = Float(bitPattern: (x.bitPattern & 0xFFFF_0000) &+ 0x1_0000)
      guard x.isFinite else {
        #expect(found == x)
        continue
      }
      // Beyond the largest bfloat16 lies infinity, as far as 2¹²⁸ would.
      let (low, high) = (
        abs(Double(x) - Double(below)), abs((above.isFinite ? Double(above) : sign(x) * 0x1p128) - Double(x))
      )
      let isLowEven = (below.bitPattern >> 16) & 1 == 0
      #expect(found == (low < high || low == high && isLowEven ? below : above), "\(x)")
    }
    #expect(BFloat16.rounded(.nan).isNaN)
    // A signalling one whose bits are all in the half that goes.
    #expect(BFloat16.rounded(Float(bitPattern: 0x7F80_0001)).isNaN)
  }

  private func sign(_ x: Float) -> Double { x < 0 ? -1 : 1 }

  struct Product: CustomStringConvertible, Sendable {
    let m, n, k: Int
    var transA = false, transB = false, adding = false
    var description: String {
      "\(m)×\(n)×\(k)\(transA ? " Aᵀ" : "")\(transB ? " Bᵀ" : "")\(adding ? " +" : "")"
    }
  }

  static let products = [
    Product(m: 30, n: 80, k: 300), Product(m: 7, n: 16, k: 1), Product(m: 8, n: 16, k: 2051),
    Product(m: 50, n: 64, k: 33, transA: true), Product(m: 48, n: 32, k: 65, transA: true, adding: true),
    Product(m: 16, n: 144, k: 70, transB: true), Product(m: 48, n: 10, k: 70, transB: true),
    Product(m: 16, n: 32, k: 31, transA: true, transB: true),
    Product(m: 5, n: 32, k: 64, transB: true, adding: true),
    Product(m: 20, n: 192, k: 1100),
  ]

  /// Bit by bit what AVX512-BF16 is defined to do: the product of the second numbers of each pair along k is
  /// added first. Without the instruction the same bits come of more steps.
  @Test(arguments: products)
  func pairsAreAddedInTheProcessorsOrder(_ item: Product) {
    let (m, n, k) = (item.m, item.n, item.k)
    let (a, b) = (random(m * k, 1), random(k * n, 2))
    let c = random(m * n, 3)
    var expected = Array(UnsafeBufferPointer(start: c.pointer, count: m * n))
    let (roundedA, roundedB) = (copy(a), copy(b))
    let (x, y) = (roundedA.pointer, roundedB.pointer)
    defer { withExtendedLifetime((roundedA, roundedB)) {} }
    for i in 0..<m {
      for j in 0..<n {
        var sum = item.adding ? expected[i * n + j] : 0
        for p in stride(from: 0, to: k, by: 2) {
          for p in [p + 1, p] where p < k {
            sum += x[item.transA ? p * m + i : i * k + p] * y[item.transB ? j * k + p : p * n + j]
          }
        }
        expected[i * n + j] = sum
      }
    }
    MatrixMultiply.run(
      a.pointer, transA: item.transA, b.pointer, transB: item.transB, into: c.pointer, m: m, n: n, k: k,
      adding: item.adding, precision: .bfloat16)
    #expect(Array(UnsafeBufferPointer(start: c.pointer, count: m * n)) == expected)
  }

  @Test(arguments: products)
  func productsAreThoseOfTheRoundedFactors(_ item: Product) {
    let (m, n, k) = (item.m, item.n, item.k)
    let (a, b) = (random(m * k, 1), random(k * n, 2))
    let c = random(m * n, 3)
    let before = Array(UnsafeBufferPointer(start: c.pointer, count: m * n))
    MatrixMultiply.run(
      a.pointer, transA: item.transA, b.pointer, transB: item.transB, into: c.pointer, m: m, n: n, k: k,
      adding: item.adding, precision: .bfloat16)
    let (roundedA, roundedB) = (copy(a), copy(b))
    let (x, y) = (roundedA.pointer, roundedB.pointer)
    defer { withExtendedLifetime((roundedA, roundedB)) {} }
    var worst = 0.0
    for i in 0..<m {
      for j in 0..<n {
        var (sum, size) = (item.adding ? Double(before[i * n + j]) : 0, 1e-6)
        for p in 0..<k {
          let product =
            Double(x[item.transA ? p * m + i : i * k + p]) * Double(y[item.transB ? j * k + p : p * n + j])
          sum += product
          size += abs(product)
        }
        worst = max(worst, abs(Double(c.pointer[i * n + j]) - sum) / size)
      }
    }
    #expect(worst < 1e-6, "\(worst)")
  }

  /// Small ones, for these run without optimization too.
  static let convolutions = ConvolutionTests.cases.map { item in
    ConvolutionTests.Case(
      kernel: item.kernel, stride: item.stride, top: item.top, size: item.size, inputs: min(32, item.inputs),
      outputs: min(48, item.outputs), batch: min(9, item.batch))
  }

  @Test(arguments: convolutions)
  func convolutionsAreThoseOfTheRoundedFactors(_ item: ConvolutionTests.Case) throws {
    let shape = item.shape
    let rounded = try #require(BFloat16Convolution(shape))
    let x = random(shape.batch * shape.height * shape.width * shape.inputChannels, 1)
    let w = random(item.kernel * item.kernel * item.inputs * item.outputs, 2)
    let dy = random(shape.batch * shape.outputHeight * shape.outputWidth * shape.outputChannels, 3)
    let (rx, rw, rdy) = (copy(x), copy(w), copy(dy))
    expectClose(dy.count, { LoweredConvolution(shape).forward(rx.pointer, rw.pointer, into: $0, then: nil) })
    {
      rounded.forward(x.pointer, w.pointer, into: $0, then: nil)
    }
    expectClose(x.count, { LoweredConvolution(shape).inputGradient(rdy.pointer, rw.pointer, into: $0) }) {
      rounded.inputGradient(dy.pointer, w.pointer, into: $0)
    }
    expectClose(w.count, { LoweredConvolution(shape).weightGradient(rx.pointer, rdy.pointer, into: $0) }) {
      rounded.weightGradient(x.pointer, dy.pointer, into: $0)
    }
  }

  @Test func theSameBytesForAnyNumberOfThreads() throws {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let item = Self.convolutions[0]
    let (shape, rounded) = (item.shape, try #require(BFloat16Convolution(item.shape)))
    let x = random(shape.batch * shape.height * shape.width * shape.inputChannels, 1)
    let w = random(item.kernel * item.kernel * item.inputs * item.outputs, 2)
    let dy = random(shape.batch * shape.outputHeight * shape.outputWidth * shape.outputChannels, 3)
    let results = [1, 2].map { threads in
      Parallel.threads = threads
      let (y, dx, dw, c) = (
        Buffer(count: dy.count), Buffer(count: x.count), Buffer(count: w.count), Buffer(count: 96 * 96)
      )
      rounded.forward(x.pointer, w.pointer, into: y.pointer, then: nil)
      rounded.inputGradient(dy.pointer, w.pointer, into: dx.pointer)
      rounded.weightGradient(x.pointer, dy.pointer, into: dw.pointer)
      MatrixMultiply.run(
        x.pointer, transA: false, w.pointer, transB: false, into: c.pointer, m: 96, n: 96, k: 300,
        precision: .bfloat16)
      return [y, dx, dw, c].flatMap { Array(UnsafeBufferPointer(start: $0.pointer, count: $0.count)) }
    }
    #expect(results[0] == results[1])
  }

  private func random(_ count: Int, _ seed: UInt64) -> Buffer {
    let buffer = Buffer(count: count)
    for i in 0..<count { buffer.pointer[i] = Float(Key(seed: seed).word(i) >> 40) / Float(1 << 23) - 1 }
    return buffer
  }

  /// The rounded numbers.
  private func copy(_ buffer: Buffer) -> Buffer {
    let copy = Buffer(count: buffer.count)
    for i in 0..<buffer.count {
      let bits = buffer.pointer[i].bitPattern
      copy.pointer[i] = Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000)
    }
    return copy
  }

  /// Within a hundred-thousandth of the largest value.
  private func expectClose(
    _ count: Int, _ expected: (UnsafeMutablePointer<Float>) -> Void,
    _ found: (UnsafeMutablePointer<Float>) -> Void
  ) {
    let (a, b) = (Buffer(count: count), Buffer(count: count))
    expected(a.pointer)
    found(b.pointer)
    var (largest, worst) = (Float(0), Float(0))
    for i in 0..<count {
      largest = max(largest, abs(a.pointer[i]))
      worst = max(worst, abs(a.pointer[i] - b.pointer[i]))
    }
    #expect(worst <= 1e-5 * largest, "\(worst) of \(largest)")
  }
}
