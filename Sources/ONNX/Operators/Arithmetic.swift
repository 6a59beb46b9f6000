import Autograd
import Files
import Network

/// Sums, differences, products and quotients, of tensors that may be broadcast as in NumPy.
///
/// Of integers only sizes are computed so, by exporters that derive one shape from another.
enum Arithmetic {
  static let operators: [String: Operator] = [
    "Add": { (node, builder) throws(FileError) in try combine(.sum, node, builder) },
    "Sub": { (node, builder) throws(FileError) in try combine(.difference, node, builder) },
    "Mul": { (node, builder) throws(FileError) in try combine(.product, node, builder) },
    "Div": { (node, builder) throws(FileError) in try combine(.quotient, node, builder) },
  ]

  private enum Kind {
    case sum, difference, product, quotient

    func callAsFunction(_ a: Tensor, _ b: Tensor) -> Tensor {
      switch self {
      case .sum: a + b
      case .difference: a - b
      case .product: a * b
      case .quotient: a / b
      }
    }

    func callAsFunction(_ a: Int, _ b: Int) -> Int? {
      let (value, overflows) =
        switch self {
        case .sum: a.addingReportingOverflow(b)
        case .difference: a.subtractingReportingOverflow(b)
        case .product: a.multipliedReportingOverflow(by: b)
        case .quotient: a.dividedReportingOverflow(by: b)
        }
      return overflows ? nil : value
    }
  }

  private static func combine(
    _ kind: Kind, _ node: NodeReader, _ builder: GraphBuilder
  ) throws(FileError) -> Value {
    switch (node.input(0), node.input(1)) {
    case (.integers(let a), .integers(let b)): return try integers(kind, a, b, node)
    case (.computed(let a), .computed(let b)): return .computed(try both(kind, a, b, node, builder))
    case (.computed(let a), _):
      return .computed(try behind(kind, a, node.numbers(1), isOnlyUse: node.isOnlyUse[0], node, builder))
    case (_, .computed(let b)):
      return .computed(try before(kind, node.numbers(0), b, isOnlyUse: node.isOnlyUse[1], node, builder))
    default:
      let (a, b) = (try node.numbers(0), try node.numbers(1))
      guard zip(a.shape.reversed(), b.shape.reversed()).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else {
        throw node.refusal(expected: "shapes that fit", found: "\(a.shape) and \(b.shape)")
      }
      return .numbers(kind(a, b))
    }
  }

  private static func integers(
    _ kind: Kind, _ a: IntegerArray, _ b: IntegerArray, _ node: NodeReader
  ) throws(FileError) -> Value {
    guard let first = a.known, let second = b.known,
      first.count == second.count || first.count == 1 || second.count == 1
    else { throw node.refusal(expected: "known integers of one length", found: "others") }
    let count = first.isEmpty || second.isEmpty ? 0 : max(first.count, second.count)
    let values = (0..<count).map {
      kind(first[first.count == 1 ? 0 : $0], second[second.count == 1 ? 0 : $0])
    }
    guard values.allSatisfy({ $0 != nil }) else {
      throw node.refusal(expected: "integers of 64 bits", found: "an overflow")
    }
    return .integers(
      IntegerArray(shape: first.count >= second.count ? a.shape : b.shape, values.compactMap { $0 }))
  }

  /// x ∘ constant
  private static func behind(
    _ kind: Kind, _ x: ComputedValue, _ constant: Tensor, isOnlyUse: Bool, _ node: NodeReader,
    _ builder: GraphBuilder
  ) throws(FileError) -> ComputedValue {
    if kind == .sum, let bias = bias(constant, of: x),
      let whole = builder.fused(x, isOnlyUse: isOnlyUse, { $0.adding(bias: bias) })
    {
      return whole
    }
    let shape = try broadcast(x, constant, node)
    let aligned = try builder.aligned(constant, to: x)
    let factor: Tensor? =
      switch kind {
      case .sum, .difference: nil
      case .product: aligned
      case .quotient: Tensor.ones([]) / aligned
      }
    if constant.count == 1 {
      let number = constant.elements[0]
      switch kind {
      case .sum:
        return try builder.add(.affine(factor: nil) { $0 + number }, [x], shape: shape, order: x.order)
      case .difference:
        return try builder.add(.affine(factor: nil) { $0 - number }, [x], shape: shape, order: x.order)
      case .product:
        return try builder.add(.affine(factor: factor) { $0 * number }, [x], shape: shape, order: x.order)
      case .quotient: break
      }
    }
    return try builder.add(
      .affine(factor: factor) { kind($0, aligned) }, [x], shape: shape, order: x.order)
  }

  /// constant ∘ x
  private static func before(
    _ kind: Kind, _ constant: Tensor, _ x: ComputedValue, isOnlyUse: Bool, _ node: NodeReader,
    _ builder: GraphBuilder
  ) throws(FileError) -> ComputedValue {
    switch kind {
    case .sum, .product: return try behind(kind, x, constant, isOnlyUse: isOnlyUse, node, builder)
    case .difference, .quotient:
      let shape = try broadcast(x, constant, node)
      let aligned = try builder.aligned(constant, to: x)
      let operation =
        kind == .quotient
        ? Operation.any { aligned / $0[0] } : .affine(factor: Tensor(-1)) { aligned - $0 }
      return try builder.add(operation, [x], shape: shape, order: x.order)
    }
  }

  private static func both(
    _ kind: Kind, _ a: ComputedValue, _ b: ComputedValue, _ node: NodeReader, _ builder: GraphBuilder
  ) throws(FileError) -> ComputedValue {
    guard a.rank == b.rank, zip(a.shape, b.shape).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else {
      throw node.refusal(expected: "shapes that fit", found: "\(a.described) and \(b.described)")
    }
    let other = try builder.reordered(b, a.order)
    let bounds: (([Interval]) -> Interval)? =
      switch kind {
      case .sum:
        { Interval(center: $0[0].center + $0[1].center, radius: $0[0].radius + $0[1].radius) }
      case .difference:
        { Interval(center: $0[0].center - $0[1].center, radius: $0[0].radius + $0[1].radius) }
      case .product, .quotient: nil
      }
    return try builder.add(
      .function(.init(value: { kind($0[0], $0[1]) }, bounds: bounds)), [a, other],
      shape: zip(a.shape, b.shape).map(max), order: a.order)
  }

  /// The shape of x ∘ constant.
  private static func broadcast(
    _ x: ComputedValue, _ constant: Tensor, _ node: NodeReader
  ) throws(FileError) -> [Int] {
    var shape = x.shape
    for (place, size) in zip(shape.indices.reversed(), constant.shape.reversed()) where shape[place] == 1 {
      shape[place] = size
    }
    return shape
  }

  /// The constant as a number for each output of a product or a convolution.
  private static func bias(_ constant: Tensor, of x: ComputedValue) -> Tensor? {
    let axis = x.rank == 2 ? 0 : x.rank - 1
    guard x.hasChannelsLast else { return nil }
    let channels = x.shape[0]
    let isRow = x.rank == 2 && [[channels], [1, channels]].contains(constant.shape)
    let isColumn =
      x.rank > 2
      && constant.shape.drop { $0 == 1 } == [channels] + [Int](repeating: 1, count: axis - 1)[...]
      && constant.rank >= axis
    return isRow || isColumn ? constant.reshaped([channels]) : nil
  }
}
