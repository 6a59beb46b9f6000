import Kernels

/// Gauss's error function and its complement; the slope of both is a bell, whose derivatives are made of it.
extension Tensor {
  /// erf x = 2/√π ∫₀ˣ e^(-t²) dt, between -1 and 1; dx = dy·2/√π·e^(-x²)
  public func erf() -> Tensor {
    map({ loop($0, $1, $2) { VectorMath.erf($0) } }, pullback: { $0.dy * ($0.x.bell() * twoOverRootPi) })
  }

  /// erfc x = 1 - erf x, which keeps its digits where erf x rounds to 1; dx = -dy·2/√π·e^(-x²)
  public func erfc() -> Tensor {
    map({ loop($0, $1, $2) { VectorMath.erfc($0) } }, pullback: { $0.dy * ($0.x.bell() * -twoOverRootPi) })
  }

  /// e^(-x²); dx = -2·dy·x·y
  private func bell() -> Tensor {
    map(
      keepsOutput: true, { loop($0, $1, $2) { VectorMath.bell($0) } }, pullback: { $0.dy * $0.x * $0.y * -2 })
  }
}

private let twoOverRootPi: Float = 1.128_379_167
