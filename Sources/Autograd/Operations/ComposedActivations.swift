import Kernels

/// Activations of foreign networks, composed of other operations.
extension Tensor {
  /// x·Φ(x), Φ being the normal distribution's (Hendrycks and Gimpel 2016).
  ///
  /// - Parameter approximated: by tanh, x·½(1 + tanh(√(2/π)·(x + 0.044715·x³))), as ONNX's and PyTorch's
  ///   `approximate="tanh"`.
  public func gelu(approximated: Bool = false) -> Tensor {
    if approximated {
      // ½(1 + tanh z) is the sigmoid of 2z, which keeps its digits where it is small.
      let cubic = self * square().scaled(by: 0.044_715, plus: 1)
      return self * (cubic * 1.595_769_122).sigmoid()
    }
    // Φ(x) = ½ erfc(-x / √2)
    return self * ((self * -0.707_106_781).erfc() * 0.5)
  }

  /// α·x + β, limited to 0 … 1; PyTorch's α is 1/6, ONNX's 0.2 where it is not named.
  public func hardSigmoid(alpha: Float = 1 / 6, beta: Float = 0.5) -> Tensor {
    scaled(by: alpha, plus: beta).clamped(to: 0...1)
  }

  /// x times its hard sigmoid (Howard et al. 2019).
  public func hardSwish() -> Tensor { self * hardSigmoid() }

  /// x where x > 0, slope·x elsewhere; `slope` is repeated to the shape of x, as by ``broadcast(to:)``.
  public func prelu(slope: Tensor) -> Tensor {
    precondition(
      Tensor.broadcastShape(shape, slope.shape) == shape,
      "prelu: the slope \(slope.shape) does not repeat to \(shape)")
    return relu() - (-self).relu() * slope
  }
}
