import Autograd
import Kernels
import Testing

/// What the fixtures of pooling do not show: equal pixels, what is no number, windows without a pixel, and
/// threads.
@Suite(.serialized) struct PoolingTests {
  static let overlapping = PoolingGeometry(window: [3, 3], strides: [2, 2], padding: [1, 1, 1, 1])

  @Test func sizes() {
    func size(_ size: [Int], _ window: Int, _ stride: Int, _ padding: [Int], _ dilation: Int, _ up: Bool)
      -> [Int]
    {
      PoolingGeometry(
        window: [window, window], strides: [stride, stride], padding: padding,
        dilations: [dilation, dilation], roundsUp: up
      ).outputSize(of: size)
    }
    #expect(size([28, 28], 2, 2, [0, 0, 0, 0], 1, false) == [14, 14])
    #expect(size([7, 8], 3, 2, [0, 0, 0, 0], 1, false) == [3, 3])
    #expect(size([7, 8], 3, 2, [0, 0, 0, 0], 1, true) == [3, 4])
    #expect(size([7, 8], 3, 2, [0, 1, 1, 1], 1, false) == [3, 4])
    #expect(size([9, 5], 3, 1, [0, 0, 0, 0], 2, false) == [5, 1])
    // A last window that would start in the padding is none.
    #expect(size([4, 5], 2, 3, [1, 1, 1, 1], 1, true) == [2, 2])
    #expect(size([4, 4], 1, 2, [0, 0, 0, 0], 1, true) == [2, 2])
  }

  @Test func theFirstOfEqualPixelsHasTheGradient() {
    let x = Tensor.zeros([1, 5, 5, 1]).tracked()
    let y = x.maxPooled(Self.overlapping)
    #expect(y.elements == [Float](repeating: 0, count: 9))
    // The first pixels of nine windows; those on the edges begin inside.
    let expected: [Float] = [
      1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0,
    ]
    #expect(gradient(of: y.sum(), wrt: x).elements == expected)
  }

  @Test func paddingNeverWins() {
    let x = Tensor(repeating: -.infinity, shape: [1, 3, 3, 1]).tracked()
    let y = x.maxPooled(Self.overlapping)
    #expect(y.elements == [Float](repeating: -.infinity, count: 4))
    #expect(gradient(of: y.sum(), wrt: x).sum().scalar == 4)
  }

  @Test func whatIsNoNumberIsNotLost() {
    var x = Tensor.normal([1, 5, 5, 2], key: .init(seed: 1))
    x.withMutableElements { $0[2 * 12] = .nan }
    let y = x.maxPooled(Self.overlapping).elements
    #expect(y.enumerated().filter { $1.isNaN }.map(\.offset) == [2 * 4])
    let mean = x.averagePooled(Self.overlapping).elements
    #expect(mean.enumerated().filter { $1.isNaN }.map(\.offset) == [2 * 4])
  }

  /// A window that lies in the padding, or leaves out all there is.
  @Test func windowsWithoutAPixel() {
    let geometry = PoolingGeometry(window: [1, 1], strides: [1, 1], padding: [1, 0, 0, 0])
    let x = Tensor([3, -4], shape: [1, 1, 2, 1]).tracked()
    let largest = x.maxPooled(geometry)
    #expect(largest.elements == [-.infinity, -.infinity, 3, -4])
    #expect(gradient(of: largest.sum(), wrt: x).elements == [1, 1])
    let mean = x.averagePooled(geometry)
    #expect(mean.elements == [0, 0, 3, -4])
    #expect(gradient(of: mean.sum(), wrt: x).elements == [1, 1])
  }

  /// With the padding counted and sizes rounded up, what lies beyond the padding does not count.
  @Test func paddingCountsAsFarAsItGoes() {
    let geometry = PoolingGeometry(
      window: [3, 3], strides: [2, 2], padding: [1, 1, 1, 1], roundsUp: true)
    let y = Tensor.ones([1, 4, 4, 1]).averagePooled(geometry, countsPadding: true)
    #expect(y.shape == [1, 3, 3, 1])
    let expected: [Float] = [4, 6, 2, 6, 9, 3, 2, 3, 1].enumerated().map { index, sum in
      sum / [9, 9, 6, 9, 9, 6, 6, 6, 4][index]
    }
    #expect(zip(y.elements, expected).allSatisfy { ($0 - $1).magnitude < 1e-6 })
  }

  @Test(arguments: [
    overlapping, PoolingGeometry(window: [2, 2], strides: [2, 2]),
    PoolingGeometry(window: [3, 2], strides: [1, 2], padding: [2, 0, 0, 1], dilations: [2, 3]),
  ])
  func theSameBytesForAnyNumberOfThreads(_ geometry: PoolingGeometry) {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let x = Tensor.normal([7, 13, 12, 5], key: .init(seed: 1)).tracked()
    let all = [1, 2, 3].map { threads -> [[Float]] in
      Parallel.threads = threads
      return [x.maxPooled(geometry), x.averagePooled(geometry)].flatMap { y in
        let first = gradient(of: (y.square() * y).sum(), wrt: x, createGraph: true)
        return [y, first, gradient(of: first.square().sum(), wrt: x)].map(\.elements)
      }
    }
    #expect(all[0] == all[1])
    #expect(all[0] == all[2])
  }
}
