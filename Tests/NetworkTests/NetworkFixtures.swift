import Autograd
import Foundation
import Network
import Testing

/// A tensor as PyTorch computed it in double precision; see Tests/Fixtures/make_fixtures.py.
struct FixtureTensor: Decodable, Sendable {
  let shape: [Int]
  let values: [Double]
  var tensor: Tensor { Tensor(values.map(Float.init), shape: shape) }
}

/// The files of reference values.
enum FixtureFile {
  /// The content of `name`.json; nil where it is missing or not of the form expected, which a test notices.
  static func decoded<Content: Decodable>(_: Content.Type, _ name: String) -> Content? {
    let url = Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures")
    return url.flatMap { try? Data(contentsOf: $0) }.flatMap {
      try? JSONDecoder().decode(Content.self, from: $0)
    }
  }
}

extension Module {
  /// Takes the values of the parameters of the same names.
  func take(_ values: [String: FixtureTensor], sourceLocation: SourceLocation = #_sourceLocation) throws {
    for (name, parameter) in namedParameters where values[name] != nil || parameter.isTrainable {
      let value = try #require(values[name], "no value for \(name)", sourceLocation: sourceLocation).tensor
      try #require(value.shape == parameter.value.shape, sourceLocation: sourceLocation)
      parameter.value = value
    }
  }

  /// All weights in one list, to compare before and after.
  var weights: [[Float]] { parameters.map(\.value.elements) }
}

/// The largest deviation, relative to the largest magnitude expected, but at least to `floor`.
func expectClose(
  _ actual: Tensor, _ expected: FixtureTensor, within tolerance: Double, _ what: String, floor: Double = 1e-3,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.shape == expected.shape, "\(what)", sourceLocation: sourceLocation)
  let scale = max(expected.values.map(\.magnitude).max() ?? 0, floor)
  let worst = zip(actual.elements, expected.values).map { (Double($0) - $1).magnitude }.max() ?? 0
  #expect(worst <= tolerance * scale, "\(what): off by \(worst / scale)", sourceLocation: sourceLocation)
}
