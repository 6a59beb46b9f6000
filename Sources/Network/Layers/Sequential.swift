import Autograd

/// Layers one behind the other.
public final class Sequential: Layer {
  /// The layers with their names, from the first to the last.
  public let layers: [(name: String, layer: any Layer)]

  /// The names prefix those of the layers' parameters: `conv1.weight`.
  public convenience init(_ layers: KeyValuePairs<String, any Layer>) {
    self.init(layers.map { ($0.key, $0.value) })
  }

  /// The same from an array, for networks that are put together piece by piece.
  ///
  /// - Precondition: no two layers share a name.
  public init(_ layers: [(name: String, layer: any Layer)]) {
    self.layers = layers
    precondition(Set(self.layers.map(\.name)).count == layers.count, "Sequential: two layers share a name")
  }

  /// Those of all layers, each behind the layer's name: `conv1.weight`.
  public var namedParameters: [(name: String, parameter: Parameter)] {
    layers.flatMap { name, layer in layer.namedParameters.map { ("\(name).\($0.name)", $0.parameter) } }
  }

  /// The output of the last layer; each layer has its own random numbers.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    layers.enumerated().reduce(x) { x, item in item.element.layer(x, pass.part(item.offset)) }
  }

  /// The output of the layer with this name, and that of the last one.
  public func outputs(of name: String, _ x: Tensor, _ pass: Pass) -> (named: Tensor, last: Tensor) {
    var (named, last): (Tensor?, Tensor) = (nil, x)
    for (index, item) in layers.enumerated() {
      last = item.layer(last, pass.part(index))
      if item.name == name { named = last }
    }
    guard let named else {
      preconditionFailure("Sequential: there is no layer \(name) among \(layers.map(\.name))")
    }
    return (named, last)
  }
}
