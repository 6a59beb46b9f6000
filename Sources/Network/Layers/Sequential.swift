import Autograd

/// Layers one behind the other.
public final class Sequential: Layer {
  public let layers: [(name: String, layer: any Layer)]

  /// The names prefix those of the layers' parameters: `conv1.weight`.
  public convenience init(_ layers: KeyValuePairs<String, any Layer>) {
    self.init(layers.map { ($0.key, $0.value) })
  }

  public init(_ layers: [(name: String, layer: any Layer)]) {
    self.layers = layers
    precondition(Set(self.layers.map(\.name)).count == layers.count, "Sequential: two layers share a name")
  }

  public var namedParameters: [(name: String, parameter: Parameter)] {
    layers.flatMap { name, layer in layer.namedParameters.map { ("\(name).\($0.name)", $0.parameter) } }
  }

  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    call(x, pass, through: layers.count)
  }

  /// The output of the layer with this name, for features.
  public func output(of name: String, _ x: Tensor, _ pass: Pass) -> Tensor {
    guard let index = layers.firstIndex(where: { $0.name == name }) else {
      preconditionFailure("Sequential: there is no layer \(name) among \(layers.map(\.name))")
    }
    return call(x, pass, through: index + 1)
  }

  private func call(_ x: Tensor, _ pass: Pass, through count: Int) -> Tensor {
    layers.prefix(count).enumerated().reduce(x) { x, item in item.element.layer(x, pass.part(item.offset)) }
  }
}
