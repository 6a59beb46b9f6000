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

  /// - Parameter start: the first bytes of the file, 8 or more where it has them.
  package init?(_ start: Data, path: String) {
    let named = Self.names[path.pathExtension.lowercased()]
    if start.starts(with: [0x89, 0x48, 0x44, 0x46]) {
      self = .keras
    } else if start.starts(with: [0x50, 0x4B, 3, 4]) || start.starts(with: [0x80, 2]) {
      self = named ?? .pyTorch
    } else if let named {
      self = named
    } else {
      return nil
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
