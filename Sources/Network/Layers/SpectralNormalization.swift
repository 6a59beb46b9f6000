import Autograd
import Kernels

/// A weight divided by its largest singular value, so that its layer stretches nothing (Miyato et al. 2018).
///
/// As a matrix W `[inputs, outputs]`, all axes but the last together: W̄ = W / σ with σ = vᵀ·W·u,
/// v = W·u / ‖W·u‖, u ← Wᵀ·v / ‖Wᵀ·v‖. Each training pass makes one step of this power iteration (algorithm 1); the
/// gradient flows through σ, with u and v as constants. Convolutions are treated as the paper does, by their kernel's
/// matrix, which is not the norm of the convolution.
public final class SpectralNormalization: Module {
  /// u `[outputs, 1]`: follows the weight, not the gradient.
  public let direction: Parameter

  public init(outputs: Int, key: Key) {
    direction = Parameter(Self.unit(.normal([outputs, 1], key: key)), isTrainable: false)
  }

  public var namedParameters: [(name: String, parameter: Parameter)] { [("direction", direction)] }

  public func callAsFunction(_ weight: Tensor, _ pass: Pass) -> Tensor {
    let outputs = direction.value.shape[0]
    precondition(weight.shape.last == outputs, "SpectralNormalization: weight \(weight.shape) for \(outputs)")
    let matrix = weight.reshaped([weight.count / outputs, outputs])
    let constant = matrix.detached
    let left = Self.unit(Tensor.matmul(constant, direction.value))
    if case .training = pass {
      direction.value = Self.unit(Tensor.matmul(constant, left, transposeA: true))
    }
    let largest = (Tensor.matmul(matrix, direction.value) * left).sum()
    return weight * largest.reciprocal()
  }

  private static func unit(_ x: Tensor) -> Tensor {
    x * Tensor(1 / max(x.square().sum().scalar.squareRoot(), 1e-12))
  }
}
