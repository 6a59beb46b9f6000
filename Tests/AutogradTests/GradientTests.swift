import Autograd
import Kernels
import Testing

@Suite struct GradientTests {
  @Test func aSourceThatDoesNotMatterHasAZeroGradient() {
    let x = Tensor([1, 2], shape: [2]).tracked()
    let unused = Tensor([3], shape: [1]).tracked()
    let result = gradients(of: x.square().sum(), wrt: [x, unused])
    #expect(result[0].elements == [2, 4])
    #expect(result[1].elements == [0])
  }

  @Test func aSourceUsedTwiceSumsItsGradients() {
    let x = Tensor(3).tracked()
    #expect(gradient(of: x * x + x, wrt: x).scalar == 7)
    #expect(gradient(of: gradient(of: x * x * x, wrt: x, createGraph: true), wrt: x).scalar == 18)
  }

  @Test func aValueOnTheWayIsASource() {
    let x = Tensor(2).tracked()
    let y = x.square()
    #expect(gradient(of: y * y, wrt: y).scalar == 8)
  }

  @Test func constantsMakeNoTape() {
    let x = Tensor([1, -1], shape: [2])
    #expect(!(x.relu() * 2).isTracked)
    #expect(!gradient(of: x.tracked().sum(), wrt: x.tracked()).isTracked)
  }

  /// As long as a few thousand attack steps: neither differentiation nor release may recurse.
  @Test func longChainsDoNotOverflowTheStack() {
    let x = Tensor(1).tracked()
    var y = x
    for _ in 0..<200_000 { y = y + 1 }
    #expect(gradient(of: y, wrt: x).scalar == 1)
  }

  /// Weights in Winograd's basis are kept; not beyond a change of the weights in place.
  @Test func convolutionsFollowWeightsThatChange() {
    let geometry = ConvolutionGeometry(strides: [1, 1], padding: [1, 1, 1, 1])
    let x = Tensor((0..<2 * 8 * 8 * 32).map { Float($0 % 23) - 11 }, shape: [2, 8, 8, 32])
    var w = Tensor((0..<3 * 3 * 32 * 32).map { Float($0 % 19) - 9 }, shape: [3, 3, 32, 32])
    func results() -> [[Float]] {
      [
        Tensor.convolution(x, w, geometry).elements,
        Tensor.convolutionInputGradient(x, w, inputShape: x.shape, geometry).elements,
      ]
    }
    let before = results()
    #expect(results() == before)
    w.withMutableElements { for i in $0.indices { $0[i] *= 2 } }
    #expect(results() == before.map { $0.map { 2 * $0 } })
  }

  @Test func writingLeavesCopiesAlone() {
    var a = Tensor([1, 2], shape: [2])
    let b = a
    a.withMutableElements { $0[0] = 5 }
    #expect(a.elements == [5, 2])
    #expect(b.elements == [1, 2])
  }

  @Test func sameKeyMakesTheSameDropoutMask() {
    let x = Tensor.ones([10_000]).tracked()
    let key = Key(seed: 9)
    let y = x.dropout(rate: 0.3, key: key)
    #expect(y.elements == x.dropout(rate: 0.3, key: key).elements)
    #expect(y.elements != x.dropout(rate: 0.3, key: key.derived(1)).elements)
    let kept = y.elements.filter { $0 != 0 }
    // The rate is 19,661 / 65,536.
    #expect(kept.allSatisfy { ($0 - 65_536 / 45_875).magnitude < 1e-6 })
    // a binomial with n = 10,000, p = 0.7 has a deviation of √2100 = 45.8
    #expect(abs(kept.count - 7000) < 4 * 46)
    #expect(gradient(of: y.sum(), wrt: x).elements == y.elements)
  }

  @Test func normalNumbersHaveTheirMoments() {
    let z = Tensor.normal([40_001], key: Key(seed: 3)).elements.map(Double.init)
    let mean = z.reduce(0, +) / Double(z.count)
    let variance = z.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(z.count)
    #expect(mean.magnitude < 4 / Double(z.count).squareRoot())
    #expect((variance - 1).magnitude < 4 * (2 / Double(z.count)).squareRoot())
  }
}
