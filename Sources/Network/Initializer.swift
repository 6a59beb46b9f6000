import Autograd
import Kernels

/// How weights start.
///
/// With fan-in and fan-out the number of inputs and outputs of one unit: `[in, out]` for dense weights; times
/// KH·KW for convolutions `[KH, KW, in, out]`.
public enum Initializer: Hashable, Sendable {
  /// All 0.
  case zeros
  /// Uniform in ± the number.
  case uniform(Float)
  /// Normal with the mean 0.
  case normal(deviation: Float)
  /// Uniform in ±√(6 / (fan-in + fan-out)) (Glorot and Bengio 2010); the default of Keras.
  case glorotUniform
  /// Normal with variance 2 / (fan-in + fan-out).
  case glorotNormal
  /// Normal with variance 2 / fan-in (He et al. 2015), for ReLU.
  case heNormal
  /// Uniform in ±√(6 / fan-in).
  case heUniform
  /// Normal with deviation √(2π) / fan-in, so that the mean |w| is 2 / fan-in and the radius of an interval
  /// keeps its size behind a ReLU (Shi et al., "Fast certified robust training with short warmup", arXiv
  /// 2102.05363, §3.2).
  case intervalNormal

  /// Fresh weights of `shape`: equal keys give equal weights.
  public func callAsFunction(_ shape: [Int], key: Key) -> Tensor {
    let window = shape.dropLast(2).reduce(1, *)
    let fanIn = Float(window * (shape.dropLast().last ?? 1))
    let fanOut = Float(window * (shape.last ?? 1))
    switch self {
    case .zeros: return .zeros(shape)
    case .uniform(let bound): return .uniform(shape, in: -bound..<bound, key: key)
    case .normal(let deviation): return .normal(shape, key: key) * deviation
    case .glorotUniform:
      let bound = (6 / (fanIn + fanOut)).squareRoot()
      return .uniform(shape, in: -bound..<bound, key: key)
    case .glorotNormal: return .normal(shape, key: key) * (2 / (fanIn + fanOut)).squareRoot()
    case .heNormal: return .normal(shape, key: key) * (2 / fanIn).squareRoot()
    case .heUniform:
      let bound = (6 / fanIn).squareRoot()
      return .uniform(shape, in: -bound..<bound, key: key)
    case .intervalNormal: return .normal(shape, key: key) * ((2 * Float.pi).squareRoot() / fanIn)
    }
  }
}
