import Autograd
import Files

/// Constants, casts, and the arithmetic of shapes that exporters write: all of it is done while the graph is
/// read.
enum Constants {
  static let operators: [String: Operator] = [
    "Constant": constant, "ConstantOfShape": constantOfShape, "Cast": cast, "Shape": shape, "Gather": gather,
    "Identity": { (node, _) throws(FileError) in try passed(node) },
    "Dropout": { (node, _) throws(FileError) in
      guard node.node.output.count < 2 || node.node.output[1].isEmpty else {
        throw node.refusal(expected: "one output", found: "the mask as well")
      }
      // Input 3 says whether it trains (opset 12).
      guard try node.integerInput(2)?.first ?? 0 == 0 else {
        throw node.refusal(expected: "inference", found: "training_mode")
      }
      return try passed(node)
    },
  ]

  private static func passed(_ node: NodeReader) throws(FileError) -> Value {
    guard let value = node.input(0) else { throw node.refusal(expected: "an input", found: "none") }
    return value
  }

  @Sendable
  private static func constant(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    if let tensor = node.tensor("value") { return try builder.constant(tensor) }
    if node.has("value_float") { return .numbers(Tensor(node.real("value_float", 0))) }
    if let list = node.reals("value_floats") { return .numbers(Tensor(list, shape: [list.count])) }
    if node.has("value_int") {
      return .integers(IntegerArray(shape: [], [node.integer("value_int", 0)]))
    }
    if let list = node.integers("value_ints") { return .integers(IntegerArray(shape: [list.count], list)) }
    throw node.refusal(expected: "numbers", found: "another attribute")
  }

  /// One number as often as a known shape says; 0 where none is given.
  @Sendable
  private static func constantOfShape(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value
  {
    guard let shape = try node.integerInput(0), shape.allSatisfy({ (0...1 << 16).contains($0) }),
      shape.count <= 4, shape.reduce(1.0, { $0 * Double($1) }) <= Double(GraphBuilder.mostNumbers)
    else { throw node.refusal(expected: "a known, possible shape", found: "another") }
    switch try node.tensor("value").map({ tensor throws(FileError) in try builder.constant(tensor) }) {
    case .integers(let array):
      guard array.elements.count == 1 else { break }
      return .integers(
        IntegerArray(shape: shape, [IntegerArray.Element](repeating: array.elements[0], count: shape.product))
      )
    case .numbers(let tensor):
      guard tensor.count == 1 else { break }
      return .numbers(Tensor(repeating: tensor.elements[0], shape: shape))
    case nil: return .numbers(.zeros(shape))
    case .computed: break
    }
    throw node.refusal(expected: "one number", found: "several")
  }

  /// Everything is computed in single precision, integers for shapes apart.
  @Sendable
  private static func cast(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    guard let kind = StoredTensor.Kind(rawValue: Int32(clamping: node.integer("to", 0))) else {
      throw node.refusal(expected: "a kind of number", found: "\(node.integer("to", 0))")
    }
    switch (try passed(node), kind) {
    case (.computed(let x), .float), (.computed(let x), .double), (.computed(let x), .float16),
      (.computed(let x), .bfloat16):
      return .computed(x)
    case (.numbers(let tensor), .float), (.numbers(let tensor), .double), (.numbers(let tensor), .float16),
      (.numbers(let tensor), .bfloat16):
      return .numbers(tensor)
    case (.integers(let array), .int64), (.integers(let array), .int32): return .integers(array)
    case (.integers(let array), .float), (.integers(let array), .double):
      // Some exporters compute shapes in floating point.
      if let known = array.known { return .numbers(Tensor(known.map(Float.init), shape: array.shape)) }
      return .integers(array)
    case (.numbers(let tensor), .int64), (.numbers(let tensor), .int32):
      let values = tensor.elements.map { Int(exactly: $0.rounded(.towardZero)) }
      guard values.allSatisfy({ $0 != nil }) else {
        throw node.refusal(expected: "numbers that become integers", found: "others")
      }
      return .integers(IntegerArray(shape: tensor.shape, values.compactMap { $0 }))
    default:
      throw node.refusal(expected: "a cast between floating-point numbers, or of a shape", found: "\(kind)")
    }
  }

  /// `[batch] + shape`, the part from `start` to `end` (opset 15).
  @Sendable
  private static func shape(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    let all: [IntegerArray.Element]
    switch try passed(node) {
    case .computed(let x): all = [.batch] + x.shape.map(IntegerArray.Element.known)
    case .numbers(let tensor): all = tensor.shape.map(IntegerArray.Element.known)
    case .integers(let array): all = array.shape.map(IntegerArray.Element.known)
    }
    func bound(_ name: String, _ standard: Int) -> Int {
      let given = node.integer(name, standard)
      return min(max(given < 0 ? given + all.count : given, 0), all.count)
    }
    let (start, end) = (bound("start", 0), bound("end", all.count))
    let part = start < end ? Array(all[start..<end]) : []
    return .integers(IntegerArray(shape: [part.count], part))
  }

  /// Elements of a list, or entries along an axis of a constant.
  @Sendable
  private static func gather(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    guard case .integers(let indices) = node.input(1), let places = indices.known else {
      throw node.refusal(expected: "known places", found: "others")
    }
    guard case .integers(let array) = node.input(0), array.shape.count <= 1 else {
      throw node.refusal(
        expected: "a list of integers, as exporters take a size out of a shape", found: "another input")
    }
    var picked: [IntegerArray.Element] = []
    for place in places {
      picked.append(array.elements[try node.axis(place, rank: array.elements.count)])
    }
    return .integers(IntegerArray(shape: indices.shape, picked))
  }
}
