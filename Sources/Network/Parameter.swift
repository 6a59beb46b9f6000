import Autograd

/// A named place in a model that holds a tensor: a weight, or a running statistic.
///
/// The tensor is a constant except inside ``valueAndGradients(of:_:)``: a model that is only used, such as
/// the victim of an attack, builds no weight gradients.
public final class Parameter {
  /// What the model computes with. Optimizers change it, and so does the reading of a file.
  public package(set) var value: Tensor
  /// False for running statistics, which no optimizer touches.
  public let isTrainable: Bool

  /// A weight that starts at `value`, or a statistic that no optimizer touches.
  public init(_ value: Tensor, isTrainable: Bool = true) {
    self.value = value
    self.isTrainable = isTrainable
  }

  /// Limits every element to ±`bound`, the weight clipping of Arjovsky et al. (WGAN, 2017).
  public func clip(to bound: Float) {
    value = value.clamped(to: -bound...bound)
  }
}

/// A loss, and its gradients with respect to the trainable ones among `parameters`.
///
/// - Parameters:
///   - parameters: the weights that are trained. All others stay constants while `loss` runs.
///   - loss: computes a scalar.
/// - Returns: the loss as a constant, and a gradient for each trainable parameter, in order.
public func valueAndGradients<Failure: Error>(
  of parameters: [Parameter], _ loss: () throws(Failure) -> Tensor
) throws(Failure) -> (value: Tensor, gradients: [Tensor]) {
  let recording = try Recording(of: parameters, loss)
  return (recording.output.detached, recording.gradients(of: recording.output))
}
