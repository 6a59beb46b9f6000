import Autograd

/// x + body(x): layers beside a way around them (He et al. 2016), which keep the shape.
public final class Residual: BoundedLayer {
  public let body: Sequential

  public init(_ body: Sequential) { self.body = body }

  public var namedParameters: [(name: String, parameter: Parameter)] { body.namedParameters }
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { x + body(x, pass) }

  public func bounds(_ x: Interval, _ pass: Pass) -> Interval {
    let change = body.bounds(x, pass)
    return Interval(center: x.center + change.center, radius: x.radius + change.radius)
  }
}
