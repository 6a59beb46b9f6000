import Autograd

/// x + body(x): layers beside a way around them (He et al. 2016), which keep the shape.
public final class Residual: BoundedLayer {
  /// What is added to the input: layers that keep its shape.
  public let body: Sequential

  /// A layer that adds to its input what `body` makes of it.
  public init(_ body: Sequential) { self.body = body }

  /// Those of the body, by the names that they have there.
  public var namedParameters: [(name: String, parameter: Parameter)] { body.namedParameters }

  /// x + body(x), of the shape of x.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { x + body(x, pass) }

  /// The sum of the box `x` and that of the body's outputs. It contains more than the outputs, since it takes
  /// the input and what is added to it for independent.
  ///
  /// - Precondition: every layer of the body is a ``BoundedLayer``.
  public func bounds(_ x: Interval, _ pass: Pass) -> Interval {
    let change = body.bounds(x, pass)
    return Interval(center: x.center + change.center, radius: x.radius + change.radius)
  }
}
