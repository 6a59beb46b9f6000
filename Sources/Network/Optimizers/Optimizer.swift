import Autograd
import Kernels

/// How one optimizer changes a weight: the only part that differs between them.
public protocol UpdateRule: Sendable {
  /// The names of the numbers kept for every weight, such as its running mean gradient. All start at 0.
  var slots: [String] { get }

  /// Changes some weights of a parameter.
  ///
  /// - Parameters:
  ///   - weights: all of the parameter.
  ///   - gradient: of the loss, one number a weight.
  ///   - slots: one block a slot, in the order of ``slots``, one number a weight.
  ///   - range: the weights to change; other threads change the others.
  ///   - learningRate: of this step.
  ///   - step: 1 for the first step.
  func update(
    _ weights: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ slots: [UnsafeMutablePointer<Float>], _ range: Range<Int>, learningRate: Float, step: Int)
}

/// Applies an update rule to the trainable ones among some parameters, in place.
public final class Optimizer {
  /// The parameters that are trained, in the order of the gradients.
  public let parameters: [Parameter]
  /// One a parameter.
  private let rules: [any UpdateRule]
  /// The number of steps done.
  public private(set) var stepCount = 0
  private var slots: [[Tensor]]

  /// Trains `parameters`, all by the same rule. Those that are not trainable are left alone.
  public convenience init(_ rule: any UpdateRule, _ parameters: [Parameter]) {
    self.init(parameters) { _ in rule }
  }

  /// Trains parameters, each by a rule of its own.
  ///
  /// - Parameters:
  ///   - parameters: those that are not trainable are left alone.
  ///   - rule: that of each parameter, such as one that decays weights and spares biases.
  /// - Precondition: all rules keep the same numbers.
  public init(_ parameters: [Parameter], rule: (Parameter) -> any UpdateRule) {
    let parameters = parameters.filter(\.isTrainable)
    let rules = parameters.map(rule)
    precondition(
      Set(rules.map(\.slots)).count <= 1, "Optimizer: rules that keep \(Set(rules.map(\.slots)))")
    self.parameters = parameters
    self.rules = rules
    slots = zip(parameters, rules).map { parameter, rule in
      rule.slots.map { _ in .zeros(parameter.value.shape) }
    }
  }

  /// One step along `gradients`, one a trainable parameter, as ``valueAndGradients(of:_:)`` returns them.
  public func step(_ gradients: [Tensor], learningRate: Float) {
    precondition(
      gradients.map(\.shape) == parameters.map(\.value.shape),
      "Optimizer: gradients \(gradients.map(\.shape)) for parameters \(parameters.map(\.value.shape))")
    stepCount += 1
    for (index, parameter) in parameters.enumerated() {
      let (gradient, rule) = (gradients[index], rules[index])
      Self.withBlocks(of: &slots[index]) { blocks in
        parameter.value.withMutableElements { weights in
          gradient.withElements { gradient in
            let (w, g) = (weights.baseAddress.unsafelyUnwrapped, gradient.baseAddress.unsafelyUnwrapped)
            Parallel.forEach(count: weights.count, chunkSize: Parallel.elementsPerChunk) { range in
              rule.update(w, g, blocks, range, learningRate: learningRate, step: stepCount)
            }
          }
        }
      }
    }
  }

  /// Runs `body` with the addresses of the elements of all the tensors, which are valid until it ends.
  ///
  /// - Parameter later: those of the tensors behind them.
  private static func withBlocks(
    of tensors: inout [Tensor], before later: [UnsafeMutablePointer<Float>] = [],
    _ body: ([UnsafeMutablePointer<Float>]) -> Void
  ) {
    // Taken out of the list, so that nothing else holds its elements, which would then be copied.
    guard var tensor = tensors.popLast() else { return body(later) }
    tensor.withMutableElements { elements in
      withBlocks(of: &tensors, before: [elements.baseAddress.unsafelyUnwrapped] + later, body)
    }
    tensors.append(tensor)
  }

  /// The kept numbers by slot and position of the parameter, for a checkpoint.
  public var state: [(name: String, value: Tensor)] {
    slots.enumerated().flatMap { index, tensors in
      zip(rules[index].slots, tensors).map { ("\($0).\(index)", $1) }
    }
  }

  /// Continues from ``state`` after `stepCount` steps. Names and shapes must fit; the reader checks them.
  public func restore(_ state: [Tensor], stepCount: Int) {
    precondition(
      state.map(\.shape) == self.state.map(\.value.shape), "Optimizer.restore: the shapes do not fit")
    self.stepCount = stepCount
    var rest = state[...]
    for index in slots.indices {
      slots[index] = Array(rest.prefix(slots[index].count))
      rest = rest.dropFirst(slots[index].count)
    }
  }
}
