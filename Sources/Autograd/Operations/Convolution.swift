import Kernels

/// Convolution and its two gradients: three bilinear operations, each the pullback of the others.
///
/// With y = x ∗ w, g = the gradient with respect to x and h = that with respect to w:
/// - y(x, w): dx = g(dy, w), dw = h(x, dy)
/// - g(dy, w): for a cotangent u of the shape of x, d(dy) = u ∗ w, dw = h(u, dy)
/// - h(x, dy): for a cotangent v of the shape of w, dx = g(dy, v), d(dy) = x ∗ v
extension Tensor {
  /// activation(x ∗ w + b): `[N, H, W, Cin]`, `[KH, KW, Cin / groups, Cout]`, `[Cout]` →
  /// `[N, OH, OW, Cout]`.
  public static func convolution(
    _ x: Tensor, _ w: Tensor, bias: Tensor? = nil, _ geometry: ConvolutionGeometry,
    activation: Activation = .identity
  ) -> Tensor {
    let shape = geometry.shape(input: x.shape, weights: w.shape)
    let channels = shape.outputChannels
    precondition(
      bias.map { $0.shape == [channels] } ?? true,
      "convolution: bias \(bias?.shape ?? []) for \(channels) channels")
    let inputShape = x.shape
    let pullback: Pullback = { c in
      let dz = activation == .identity ? c.dy : activation.gradient(c.dy, at: c.y)
      return [
        c.ifNeeded(0) { convolutionInputGradient(dz, c.x2, inputShape: inputShape, geometry) },
        c.ifNeeded(1) { convolutionWeightGradient(c.x, dz, weightShape: c.x2.shape, geometry) },
      ] + (c.inputs.count > 2 ? [c.ifNeeded(2) { dz.sum(axes: [0, 1, 2]) }] : [])
    }
    return Tensor(
      shape: [x.shape[0], shape.outputHeight, shape.outputWidth, channels],
      of: [x, w] + (bias.map { [$0] } ?? []), keepsOutput: activation != .identity, pullback: pullback
    ) { y in
      let biasPointer = bias?.pointer
      Kernels.Convolution.forward(
        shape, x.pointer, w.pointer, of: w.buffer, into: y,
        then: { outputs, pixels in
          activation.apply(outputs, bias: biasPointer, rows: pixels, columns: channels)
        }, precision: .current)
    }
  }

  /// g(dy, w), the gradient of a convolution with respect to its input; also the transposed convolution of
  /// `dy` `[N, OH, OW, Cout]` to `inputShape` `[N, H, W, Cin]`.
  public static func convolutionInputGradient(
    _ dy: Tensor, _ w: Tensor, inputShape: [Int], _ geometry: ConvolutionGeometry
  ) -> Tensor {
    let shape = geometry.shape(input: inputShape, weights: w.shape)
    precondition(
      dy.shape == [shape.batch, shape.outputHeight, shape.outputWidth, shape.outputChannels],
      "convolutionInputGradient: gradient \(dy.shape) does not fit input \(inputShape), weights \(w.shape)")
    let pullback: Pullback = { c in
      [
        c.ifNeeded(0) { convolution(c.dy, c.x2, geometry) },
        c.ifNeeded(1) { convolutionWeightGradient(c.dy, c.x, weightShape: c.x2.shape, geometry) },
      ]
    }
    return Tensor(shape: inputShape, of: [dy, w], pullback: pullback) {
      Kernels.Convolution.inputGradient(
        shape, dy.pointer, w.pointer, of: w.buffer, into: $0, precision: .current)
    }
  }

  /// h(x, dy), the gradient of a convolution with respect to its weights.
  public static func convolutionWeightGradient(
    _ x: Tensor, _ dy: Tensor, weightShape: [Int], _ geometry: ConvolutionGeometry
  ) -> Tensor {
    let shape = geometry.shape(input: x.shape, weights: weightShape)
    precondition(
      dy.shape == [shape.batch, shape.outputHeight, shape.outputWidth, shape.outputChannels],
      "convolutionWeightGradient: gradient \(dy.shape) does not fit input \(x.shape), weights \(weightShape)")
    let inputShape = x.shape
    let pullback: Pullback = { c in
      [
        c.ifNeeded(0) { convolutionInputGradient(c.x2, c.dy, inputShape: inputShape, geometry) },
        c.ifNeeded(1) { convolution(c.x, c.dy, geometry) },
      ]
    }
    return Tensor(shape: weightShape, of: [x, dy], pullback: pullback) {
      Kernels.Convolution.weightGradient(shape, x.pointer, dy.pointer, into: $0, precision: .current)
    }
  }
}
