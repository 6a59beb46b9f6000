import Autograd
import Classifier
import Files
import Foundation
import Network
import TestSupport
import Testing

/// Weights by PyTorch's names and in its layouts: the same logits as PyTorch's; see
/// Tests/Fixtures/make_state_fixtures.py.
@Suite struct PyTorchStateTests {
  struct Fixture: Decodable, CustomStringConvertible, Sendable {
    let architecture: ClassifierArchitecture
    let imageShape: [Int]
    /// Of every tensor, by PyTorch's name.
    let shapes: [String: [Int]]
    /// Of two images, in double precision.
    let logits: [[Double]]

    var description: String { architecture.rawValue }
    var labels: [String] { logits[0].indices.map(String.init) }

    /// The weights that the script gives them.
    func state() -> Safetensors {
      var entries: [String: Safetensors.Entry] = [:]
      for (number, item) in shapes.sorted(by: { $0.key < $1.key }).enumerated() {
        let (name, shape) = item
        let fanIn = Double(shape.dropFirst().reduce(1, *))
        let values = formula(number, count: shape.reduce(1, *)).map { value in
          name.hasSuffix("running_var") ? 1 + value : shape.count > 1 ? value * 2 / fanIn.squareRoot() : value
        }
        entries[name] = Safetensors.Entry(shape: shape, values: values.map(Float.init))
      }
      return Safetensors(entries: entries)
    }

    func formula(_ number: Int, count: Int) -> [Double] {
      (0..<count).map { Double((7919 * $0 + 104729 * number) % 2003) / 2003 - 0.5 }
    }

    static let all: [Fixture] = {
      struct File: Decodable { let cases: [Fixture] }
      let url = Bundle.module.url(forResource: "states", withExtension: "json", subdirectory: "Fixtures")
      let data = url.flatMap { try? Data(contentsOf: $0) }
      return data.flatMap { try? JSONDecoder().decode(File.self, from: $0) }?.cases ?? []
    }()
  }

  @Test func thereAreFixtures() { #expect(Fixture.all.map(\.architecture) == [.dense, .conv, .resnet]) }

  @Test(arguments: Fixture.all)
  func givesTheLogitsOfPyTorch(_ fixture: Fixture) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/state.safetensors"
      try fixture.state().write(to: path)
      let classifier = try NeuralClassifier(
        pyTorchState: path, fixture.architecture, imageShape: fixture.imageShape,
        labelNames: fixture.labels, name: "state")
      let pixels = fixture.formula(99, count: 2 * fixture.imageShape.reduce(1, *)).map { Float($0 + 0.5) }
      let logits = classifier.logits(Tensor(pixels, shape: [2] + fixture.imageShape)).elements
      let expected = fixture.logits.flatMap { $0 }
      let scale = expected.map(\.magnitude).max() ?? 0
      for (found, value) in zip(logits, expected) {
        #expect((Double(found) - value).magnitude <= 1e-4 * scale)
      }
      #expect(classifier.weightsSHA256.count == 64)
    }
  }

  @Test(arguments: Fixture.all)
  func otherTensorsAreRefused(_ fixture: Fixture) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/state.safetensors"
      var state = fixture.state()
      let name = try #require(state.entries.keys.sorted().first)
      state.entries["other"] = state.entries.removeValue(forKey: name)
      try state.write(to: path)
      #expect(throws: FileError.self) {
        try NeuralClassifier(
          pyTorchState: path, fixture.architecture, imageShape: fixture.imageShape,
          labelNames: fixture.labels, name: "state")
      }
      #expect(throws: FileError.self) {
        try NeuralClassifier(
          pyTorchState: path, fixture.architecture, imageShape: [28, 28, 1],
          labelNames: fixture.labels, name: "state")
      }
    }
  }
}
