import Autograd

/// What a model computed from weights, kept so that losses of it can be differentiated by them later.
///
/// Only while `body` runs are the weights tracked: what happens afterwards, such as the training of another
/// network on ``output``, knows nothing of them.
public struct Recording {
  /// What `body` returned. Constants made of it are `Tensor.detached`.
  public let output: Tensor
  private let leaves: [Tensor]

  /// Runs `body` while the weights are tracked, and keeps what it returns.
  ///
  /// - Parameters:
  ///   - parameters: the weights; the trainable ones among them are tracked. All others stay constants.
  ///   - body: computes with them.
  public init<Failure: Error>(
    of parameters: [Parameter], _ body: () throws(Failure) -> Tensor
  ) throws(Failure) {
    let trainable = parameters.filter(\.isTrainable)
    for parameter in trainable { parameter.value = parameter.value.tracked() }
    leaves = trainable.map(\.value)
    defer { for parameter in trainable { parameter.value = parameter.value.detached } }
    output = try body()
  }

  /// The gradients of a scalar that was computed from ``output``: one for each trainable parameter, in order.
  public func gradients(of loss: Tensor) -> [Tensor] { Autograd.gradients(of: loss, wrt: leaves) }
}
