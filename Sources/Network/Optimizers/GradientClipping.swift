import Autograd

/// Limits gradients by their common norm (Pascanu et al. 2013): all are scaled by min(1, c / ‖g‖₂).
///
/// - Returns: the scaled gradients, and the norm before.
public func clipped(_ gradients: [Tensor], toNorm limit: Float) -> (gradients: [Tensor], norm: Float) {
  let squares = gradients.map { Double($0.square().sum().scalar) }
  let norm = Float(squares.reduce(0, +).squareRoot())
  // The small constant is PyTorch's; it keeps a zero norm from dividing by zero.
  let factor = min(1, limit / (norm + 1e-6))
  return (factor < 1 ? gradients.map { $0 * factor } : gradients, norm)
}
