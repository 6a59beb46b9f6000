import Autograd
import Kernels
import Testing

/// Every operation against PyTorch in double precision: value, gradient, and gradient of the gradient.
@Suite struct OperationTests {
  @Test func thereAreFixtures() {
    #expect(OperationFixture.all.count >= 228)
    #expect(Set(OperationFixture.all.map(\.op)) == Set(OperationCatalog.calls.keys))
  }

  @Test(arguments: OperationFixture.all)
  func agreesWithPyTorch(_ fixture: OperationFixture) throws {
    let call = try #require(OperationCatalog.calls[fixture.op])
    let inputs = fixture.inputs.map { $0.tensor.tracked() }
    let y = call(inputs, fixture)
    #expect(y.shape == fixture.output.shape)
    expectClose(y, fixture.output, within: 1e-5, "value")

    let loss = (y * fixture.cotangent.tensor).sum()
    let plain = gradients(of: loss, wrt: inputs)
    let first = gradients(of: loss, wrt: inputs, createGraph: true)
    for (index, expected) in fixture.gradients.enumerated() {
      expectClose(plain[index], expected, within: 1e-4, "gradient \(index)")
      expectClose(first[index], expected, within: 1e-4, "differentiable gradient \(index)")
      #expect(!plain[index].isTracked)
    }

    let projections = zip(first, fixture.directions).map { ($0 * $1.tensor).sum() }
    let sum = projections.dropFirst().reduce(projections[0], +)
    let second = gradients(of: sum, wrt: inputs)
    for (index, expected) in fixture.secondGradients.enumerated() {
      expectClose(second[index], expected, within: 1e-3, "second gradient \(index)")
    }
  }

  /// The fused forms against the operations they are made of, through two differentiations.
  @Test(arguments: [Activation.identity, .relu, .leakyRelu(slope: 0.3)])
  func fusedLayersEqualTheirParts(_ activation: Activation) {
    let geometry = ConvolutionGeometry(strides: [2, 2], padding: [1, 2, 1, 2])
    let x = Tensor.normal([3, 6, 6, 2], key: .init(seed: 1))
    let w = Tensor.normal([5, 5, 2, 4], key: .init(seed: 2))
    let b = Tensor.normal([4], key: .init(seed: 3))
    let v = Tensor.normal([36, 5], key: .init(seed: 4))
    let c = Tensor.normal([5], key: .init(seed: 5))
    func losses(_ network: ([Tensor]) -> Tensor) -> [Tensor] {
      let leaves = [x, w, b, v, c].map { $0.tracked() }
      let y = network(leaves)
      let first = gradients(of: y.square().sum(), wrt: leaves, createGraph: true)
      let total = first.map { $0.square().sum() }.reduce(Tensor(0), +)
      return [y] + first + gradients(of: total, wrt: leaves)
    }
    let fused = losses { p in
      let hidden = Tensor.convolution(p[0], p[1], bias: p[2], geometry, activation: activation)
      return Tensor.dense(hidden.flattened(), p[3], bias: p[4], activation: activation)
    }
    let parts = losses { p in
      let hidden = (Tensor.convolution(p[0], p[1], geometry) + p[2]).activated(activation)
      return (Tensor.matmul(hidden.flattened(), p[3]) + p[4]).activated(activation)
    }
    for (a, b) in zip(fused, parts) {
      let scale = b.elements.map(\.magnitude).max() ?? 1
      #expect((a - b).elements.allSatisfy { $0.magnitude <= 1e-4 * max(scale, 1) })
    }
  }
}

/// The largest deviation, relative to the largest magnitude expected.
func expectClose(
  _ actual: Tensor, _ expected: OperationFixture.Array, within tolerance: Double, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.shape == expected.shape, "\(what)", sourceLocation: sourceLocation)
  let scale = max(expected.values.map(\.magnitude).max() ?? 0, 1e-3)
  let worst = zip(actual.elements, expected.values).map { (Double($0) - $1).magnitude }.max() ?? 0
  #expect(worst <= tolerance * scale, "\(what): off by \(worst / scale)", sourceLocation: sourceLocation)
}
