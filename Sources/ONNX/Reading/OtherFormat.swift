import Files
import FoundationEssentials

/// Files of networks that are not ONNX, by their first bytes and their name: they are refused with the lines
/// that export such a network.
package enum OtherFormat {
  case pyTorch, keras

  private static let names: [String: OtherFormat] = [
    "pt": .pyTorch, "pth": .pyTorch, "pkl": .pyTorch, "ckpt": .pyTorch, "h5": .keras, "hdf5": .keras,
    "keras": .keras,
  ]

  package static let pathExtensions = Set(names.keys)

  /// - Parameter start: the first bytes of the file, `FileKind.startSize` of them where it has as many.
  package init?(_ start: Data, path: String) {
    let named = Self.names[path.pathExtension.lowercased()]
    switch FileKind(start: start, path: path) {
    case .hdf5: self = .keras
    case .keras: self = named ?? .keras
    case .pyTorch, .pickle, .zip, .numPyArchive: self = named ?? .pyTorch
    default:
      guard let named else { return nil }
      self = named
    }
  }

  /// One sentence with three lines of Python.
  package func refusal(path: String) -> FileError {
    switch self {
    case .pyTorch:
      .malformed(
        path: path,
        expected: "an ONNX file, which PyTorch writes: model.eval(); x = torch.zeros(1, 1, 28, 28); "
          + "torch.onnx.export(model, (x,), \"model.onnx\")",
        found: "a file of PyTorch's own, which holds weights without their network")
    case .keras:
      .malformed(
        path: path,
        expected: "an ONNX file, which tf2onnx writes: import keras, tf2onnx; "
          + "model = keras.models.load_model(\"…\"); "
          + "tf2onnx.convert.from_keras(model, output_path=\"model.onnx\")",
        found: "a file of Keras")
    }
  }
}
