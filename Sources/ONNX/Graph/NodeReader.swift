import Autograd
import Files
import FoundationEssentials

/// A node as its operator reads it: the values of its inputs, its attributes, and the refusals that name it.
struct NodeReader {
  let node: NodeProto
  /// Nil for an input that is left out.
  let inputs: [Value?]
  /// For each input, whether no other node reads it.
  let isOnlyUse: [Bool]
  let opset: Int
  let path: String

  // MARK: - Attributes

  private func attribute(_ name: String) -> AttributeProto? { node.attribute.first { $0.name == name } }

  func has(_ name: String) -> Bool { attribute(name) != nil }

  func integer(_ name: String, _ standard: Int) -> Int { attribute(name).map { Int($0.i) } ?? standard }

  func integers(_ name: String) -> [Int]? { attribute(name).map { $0.ints.map { Int($0) } } }

  func real(_ name: String, _ standard: Float) -> Float { attribute(name)?.f ?? standard }

  func reals(_ name: String) -> [Float]? { attribute(name)?.floats }

  func text(_ name: String, _ standard: String) -> String {
    attribute(name).map { String(decoding: $0.s, as: UTF8.self) } ?? standard
  }

  func tensor(_ name: String) -> TensorProto? {
    attribute(name).flatMap { $0.hasT ? $0.t : nil }
  }

  // MARK: - Inputs

  func input(_ index: Int) -> Value? { inputs.indices.contains(index) ? inputs[index] : nil }

  /// An input that depends on the images.
  func computed(_ index: Int = 0) throws(FileError) -> ComputedValue {
    guard case .computed(let value) = input(index) else {
      throw refusal(expected: "input \(index + 1) to depend on the images", found: kind(of: index))
    }
    return value
  }

  /// An input that the file holds; nil where it is left out.
  func numbersIfThere(_ index: Int) throws(FileError) -> Tensor? {
    switch input(index) {
    case nil: return nil
    case .numbers(let tensor): return tensor
    case .integers, .computed:
      throw refusal(
        expected: "input \(index + 1) to hold floating-point numbers", found: kind(of: index))
    }
  }

  /// An input that the file holds.
  func numbers(_ index: Int) throws(FileError) -> Tensor {
    guard let tensor = try numbersIfThere(index) else {
      throw refusal(expected: "input \(index + 1)", found: "none")
    }
    return tensor
  }

  /// The only number of an input, such as a bound; nil where it is left out.
  func number(_ index: Int) throws(FileError) -> Float? {
    // An exponent may be an integer.
    if case .integers(let array) = input(index), let known = array.known, known.count == 1 {
      return Float(known[0])
    }
    guard let tensor = try numbersIfThere(index) else { return nil }
    guard tensor.count == 1 else {
      throw refusal(expected: "input \(index + 1) to be one number", found: "the shape \(tensor.shape)")
    }
    return tensor.elements[0]
  }

  /// Axes or sizes: an attribute in old versions of many operators, an input in new ones; nil where there is
  /// neither.
  func integerList(_ attribute: String, orInput index: Int) throws(FileError) -> [Int]? {
    if let list = integers(attribute) { return list }
    return try integerInput(index)
  }

  /// Integers that an input holds; nil where it is left out.
  func integerInput(_ index: Int) throws(FileError) -> [Int]? {
    switch input(index) {
    case nil: return nil
    case .integers(let array): if let known = array.known { return known }
    case .numbers, .computed: break
    }
    throw refusal(expected: "input \(index + 1) to be known integers", found: kind(of: index))
  }

  private func kind(of index: Int) -> String {
    switch input(index) {
    case nil: "none"
    case .integers: "integers (int64, int32 or bool)"
    case .numbers(let tensor): "a constant of the shape \(tensor.shape)"
    case .computed(let value): "one that depends on the images, of the shape \(value.described)"
    }
  }

  // MARK: - Axes

  /// An axis of a tensor with `rank` axes, counted from the front.
  func axis(_ axis: Int, rank: Int) throws(FileError) -> Int {
    guard (-rank..<rank).contains(axis) else {
      throw refusal(expected: "an axis of \(rank)", found: "\(axis)")
    }
    return axis < 0 ? axis + rank : axis
  }

  func axes(_ axes: [Int], rank: Int) throws(FileError) -> [Int] {
    var result: [Int] = []
    for one in axes { result.append(try axis(one, rank: rank)) }
    guard Set(result).count == result.count else {
      throw refusal(expected: "axes that differ", found: "\(axes)")
    }
    return result
  }

  // MARK: - Refusals

  func refusal(expected: String, found: String) -> FileError {
    .malformed(path: path, expected: "\(expected) in \(node.title) (opset \(opset))", found: found)
  }
}

extension ComputedValue {
  /// The shape as a message shows it.
  var described: String { "[\((["N"] + shape.map(String.init)).joined(separator: ", "))]" }
}
