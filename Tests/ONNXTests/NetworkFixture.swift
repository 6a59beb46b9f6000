import Autograd
import Foundation

/// A network as another tool wrote it, and what ONNX Runtime and PyTorch make of three images; see
/// Tests/Fixtures/make_onnx_fixtures.py.
struct NetworkFixture: Decodable, CustomStringConvertible, Sendable {
  let name, exporter: String
  let opset, labels: Int
  /// `[H, W, C]`
  let inputShape: [Int]
  let endsIn: String
  /// Pixels of `[3, H, W, C]`, in [0, 1].
  let inputs: [Double]
  /// Of ONNX Runtime in single precision: logits `[3, labels]`, and the input of the last dense layer.
  let logits, features: [[Double]]
  /// Of Σ logits·cotangent by the pixels, `[3, H, W, C]`, by PyTorch in double precision.
  let gradients: [Double]
  let cotangent: [[Double]]

  var description: String { name }
  var path: String { Self.folder + "/good/\(name).onnx" }
  var images: Tensor { Tensor(inputs.map(Float.init), shape: [3] + inputShape) }

  static let folder = Bundle.module.bundlePath + "/Fixtures"

  static let all: [NetworkFixture] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/good")) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
      FileManager.default.contents(atPath: "\(folder)/good/\(name)")
        .flatMap { try? JSONDecoder().decode(NetworkFixture.self, from: $0) }
    }
  }()
}

/// A file that is no network that can be run, and what its refusal must say.
struct RefusalFixture: Decodable, CustomStringConvertible, Sendable {
  let file, what: String
  /// Each of them, or one of several between bars.
  let words: [String]

  var description: String { "\(file): \(what)" }
  var path: String { NetworkFixture.folder + "/bad/\(file)" }

  static let all: [RefusalFixture] =
    FileManager.default.contents(atPath: NetworkFixture.folder + "/bad/bad.json")
    .flatMap { try? JSONDecoder().decode([RefusalFixture].self, from: $0) } ?? []
}
