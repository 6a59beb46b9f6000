import Autograd
import Files

/// Parameters to and from ``Safetensors``.
extension Module {
  /// All parameters by name, each name behind `prefix`.
  public func entries(prefix: String = "") -> [String: Safetensors.Entry] {
    Dictionary(
      uniqueKeysWithValues: namedParameters.map { name, parameter in
        (prefix + name, Safetensors.Entry(shape: parameter.value.shape, values: parameter.value.elements))
      })
  }

  /// Takes every parameter from `file`. Other entries of the file are left alone.
  ///
  /// - Throws: `FileError.malformed(path:expected:found:)` where a parameter is missing or has another
  ///   shape; then no parameter has changed.
  public func load(_ file: Safetensors, path: String, prefix: String = "") throws(FileError) {
    var values: [Tensor] = []
    for (name, parameter) in namedParameters {
      values.append(try file.tensor(prefix + name, shape: parameter.value.shape, path: path))
    }
    for (parameter, value) in zip(parameters, values) { parameter.value = value }
  }
}

extension Safetensors {
  /// The entry `name` as a tensor of the shape expected.
  ///
  /// - Throws: `FileError.malformed(path:expected:found:)` where it is missing or has another shape.
  public func tensor(_ name: String, shape: [Int], path: String) throws(FileError) -> Tensor {
    guard let entry = entries[name] else {
      throw .malformed(
        path: path, expected: "a tensor \(name) of shape \(shape)",
        found:
          "only \(entries.keys.sorted().prefix(12).map { $0.visible(limit: 40) }.joined(separator: ", "))")
    }
    guard entry.shape == shape else {
      throw .malformed(path: path, expected: "\(name) of shape \(shape)", found: "shape \(entry.shape.brief)")
    }
    return Tensor(entry.values, shape: shape)
  }
}

extension Optimizer {
  /// What it keeps of each weight, as tensors of a file; names begin with `prefix`.
  package func entries(prefix: String) -> [String: Safetensors.Entry] {
    Dictionary(
      uniqueKeysWithValues: state.map {
        (prefix + $0.name, Safetensors.Entry(shape: $0.value.shape, values: $0.value.elements))
      })
  }
}

extension [String: Safetensors.Entry] {
  /// The name of the first tensor with an element that is not a finite number.
  package var firstNotFinite: String? {
    keys.sorted().first { self[$0]?.values.allSatisfy(\.isFinite) == false }
  }
}

extension Safetensors {
  /// - Throws: `FileError.malformed(path:expected:found:)` for a weight that is no finite number.
  package func checkFinite(path: String) throws(FileError) {
    guard entries.values.allSatisfy({ $0.values.allSatisfy(\.isFinite) }) else {
      throw .malformed(path: path, expected: "finite weights", found: "a weight that is not a finite number")
    }
  }

  /// Refuses values that no training leaves behind: what is not a finite number, and below 0 in running means
  /// of squares and variances.
  package func checkTrainable(path: String) throws(FileError) {
    for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
      let isSquare = name.contains(".square.") || name.hasSuffix("runningVariance")
      if let wrong = entry.values.first(where: { !$0.isFinite || (isSquare && $0 < 0) }) {
        throw .malformed(
          path: path, expected: "finite numbers\(isSquare ? " of 0 or more" : "") in \(name)",
          found: "\(wrong)")
      }
    }
  }
}
