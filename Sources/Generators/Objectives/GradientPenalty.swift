import Autograd
import Kernels

/// λ·mean (‖∂D/∂x̂‖₂ - 1)²: the slope of the discriminator's score is held near 1 at points x̂.
///
/// The gradient is taken of the score itself, never of a probability, for each image by itself and over all
/// of its pixels; it is a true second derivative that reaches the weights.
public struct GradientPenalty: Equatable, Sendable {
  /// Where the slope is measured.
  public enum Place: Equatable, Sendable {
    /// x̂ = a·real + (1 - a)·fake, one a in [0, 1) an image (Gulrajani et al. 2017, algorithm 1).
    case betweenRealAndFake
    /// x̂ = real + c·deviation·n, n normal, the deviation that of all the batch's values (DRAGAN: Kodali et
    /// al. 2017, §2.3, x + δ with δ ~ N(0, c·I)).
    case aroundReal(noise: Float)
  }

  /// Where the slope is measured.
  public let place: Place
  /// λ.
  public let weight: Float

  /// A penalty at points of one kind.
  public init(_ place: Place, weight: Float) {
    self.place = place
    self.weight = weight
  }

  /// The points x̂ `[N, H, W, C]`, constants.
  package func points(real: Tensor, fake: Tensor, key: Key) -> Tensor {
    switch place {
    case .betweenRealAndFake:
      let a = Tensor.uniform([real.shape[0], 1, 1, 1], key: key)
      return fake.detached + a * (real.detached - fake.detached)
    case .aroundReal(let noise):
      let mean = real.detached.mean().scalar
      let deviation = (real.detached - mean).square().mean().scalar.squareRoot()
      return real.detached + Tensor.normal(real.shape, key: key) * (noise * deviation)
    }
  }

  /// The penalty at `points` for a score of images `[N, H, W, C]` → `[N]`.
  package func callAsFunction(at points: Tensor, score: (Tensor) -> Tensor) -> Tensor {
    let x = points.tracked()
    let slopes = gradient(of: score(x).sum(), wrt: x, createGraph: true)
    // A hair inside of the root: at a slope of exactly 0 its derivative is infinite.
    let norms = (slopes.square().flattened().sum(axes: [1]) + 1e-12).squareRoot()
    return (norms - 1).square().mean() * weight
  }
}
