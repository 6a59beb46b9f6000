import Autograd
import Files
import Network

/// Concat, Pad and Slice.
enum ShapeJoining {
  @Sendable
  static func concat(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    var (lists, parts): ([IntegerArray], [ComputedValue]) = ([], [])
    for (index, input) in node.inputs.enumerated() {
      switch input {
      case .integers(let array): lists.append(array)
      case .computed(let x): parts.append(x)
      default: throw node.refusal(expected: "input \(index + 1) to depend on the images", found: "a constant")
      }
    }
    if parts.isEmpty, lists.allSatisfy({ $0.shape.count == 1 }) {
      let all = lists.flatMap(\.elements)
      return .integers(IntegerArray(shape: [all.count], all))
    }
    guard let first = parts.first, lists.isEmpty else {
      throw node.refusal(expected: "inputs of one kind", found: "integers among others")
    }
    let axis = try node.axis(node.integer("axis", 1), rank: first.rank)
    guard axis > 0,
      parts.allSatisfy({ part in
        part.rank == first.rank
          && first.shape.indices.allSatisfy { $0 == axis - 1 || part.shape[$0] == first.shape[$0] }
      })
    else {
      throw node.refusal(
        expected: "shapes that differ in the axis \(axis) alone, which is not the batch",
        found: parts.map(\.described).joined(separator: ", "))
    }
    var ordered: [ComputedValue] = []
    for part in parts { ordered.append(try builder.reordered(part, first.order)) }
    var shape = first.shape
    shape[axis - 1] = parts.reduce(0) { $0 + $1.shape[axis - 1] }
    let memory = first.memoryAxis(axis)
    let operation = Operation.function(
      .init(
        value: { Tensor.concatenate($0, axis: memory) },
        bounds: { boxes in
          Interval(
            center: Tensor.concatenate(boxes.map(\.center), axis: memory),
            radius: Tensor.concatenate(boxes.map(\.radius), axis: memory))
        }))
    return .computed(try builder.add(operation, ordered, shape: shape, order: first.order))
  }

  /// With one number around; pads are an attribute up to opset 10, an input from 11 on.
  @Sendable
  static func pad(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    let x = try node.computed()
    guard node.text("mode", "constant") == "constant" else {
      throw node.refusal(expected: "mode constant", found: node.text("mode", ""))
    }
    let axes = try node.axes(node.integerInput(3) ?? Array(0..<x.rank), rank: x.rank)
    guard let pads = try node.integerList("pads", orInput: 1), pads.count == 2 * axes.count,
      pads.allSatisfy({ (0...4096).contains($0) })
    else { throw node.refusal(expected: "\(2 * axes.count) pads from 0 on", found: "others") }
    let value = try node.number(2) ?? node.real("value", 0)
    var (before, after) = ([Int](repeating: 0, count: x.rank), [Int](repeating: 0, count: x.rank))
    for (index, axis) in axes.enumerated() {
      before[x.memoryAxis(axis)] = pads[index]
      after[x.memoryAxis(axis)] = pads[index + axes.count]
    }
    guard before[0] == 0, after[0] == 0, value.isFinite else {
      throw node.refusal(expected: "no pads of the batch, and a finite number around", found: "others")
    }
    let shape = x.shape.indices.map {
      x.shape[$0] + before[x.memoryAxis($0 + 1)] + after[x.memoryAxis($0 + 1)]
    }
    let (front, behind) = (before, after)
    func padded(_ x: Tensor) -> Tensor { x.padded(before: front, after: behind) }
    let operation =
      value == 0
      ? Operation.weighting(padded) : .affine(factor: nil) { padded($0 - value) + value }
    // A radius is padded by 0 in either case.
    let bounded = Operation.function(
      .init(
        value: { operation($0) },
        bounds: { Interval(center: operation([$0[0].center]), radius: padded($0[0].radius)) }))
    return .computed(try builder.add(bounded, [x], shape: shape, order: x.order))
  }

  /// The entries from start to end along axes, in steps of 1, of integers also in others; attributes up to
  /// opset 9, inputs from 10 on.
  @Sendable
  static func slice(_ node: NodeReader, _ builder: GraphBuilder) throws(FileError) -> Value {
    guard let starts = try node.integerList("starts", orInput: 1),
      let ends = try node.integerList("ends", orInput: 2), starts.count == ends.count
    else { throw node.refusal(expected: "as many starts as ends", found: "others") }
    let given = try node.integerList("axes", orInput: 3) ?? Array(starts.indices)
    let steps = try node.integerInput(4) ?? starts.map { _ in 1 }
    guard given.count == starts.count, steps.count == starts.count else {
      throw node.refusal(
        expected: "an axis and a step for each start", found: "axes \(given), steps \(steps)")
    }
    if case .integers(let array) = node.input(0) {
      return .integers(
        try sliced(array, starts, ends, node.axes(given, rank: array.shape.count), steps, node))
    }
    guard steps.allSatisfy({ $0 == 1 }) else {
      throw node.refusal(expected: "steps of 1", found: "\(steps)")
    }
    func range(_ index: Int, of size: Int) -> Range<Int> {
      func place(_ value: Int) -> Int { min(max(value < 0 ? value + size : value, 0), size) }
      let (start, end) = (place(starts[index]), place(ends[index]))
      return start..<max(start, end)
    }
    let x = try node.computed()
    let axes = try node.axes(given, rank: x.rank)
    var (start, shape) = ([Int](repeating: 0, count: x.rank), x.shape)
    for (index, axis) in axes.enumerated() {
      guard axis > 0 else { throw node.refusal(expected: "axes behind the batch", found: "axis 0") }
      let range = range(index, of: x.shape[axis - 1])
      start[x.memoryAxis(axis)] = range.lowerBound
      shape[axis - 1] = range.count
    }
    let (first, size) = (start, x.order.map { shape[$0] })
    return .computed(
      try builder.add(
        .weighting { $0.sliced(start: first, size: [$0.shape[0]] + size) }, [x], shape: shape, order: x.order)
    )
  }

  private static func sliced(
    _ array: IntegerArray, _ starts: [Int], _ ends: [Int], _ axes: [Int], _ steps: [Int], _ node: NodeReader
  ) throws(FileError) -> IntegerArray {
    var places = array.shape.map { Array(0..<$0) }
    for (index, axis) in axes.enumerated() {
      let (size, step) = (array.shape[axis], steps[index])
      guard step != 0, step != Int.min else { throw node.refusal(expected: "steps", found: "\(step)") }
      // Backwards, the last place is one before the first.
      let limits = step > 0 ? 0...size : -1...max(size - 1, -1)
      func place(_ value: Int) -> Int {
        let counted = value < 0 ? value + size : value
        return min(max(counted, limits.lowerBound), limits.upperBound)
      }
      places[axis] = Array(stride(from: place(starts[index]), to: place(ends[index]), by: step))
    }
    let taken = places
    return array.picked(shape: taken.map(\.count)) { zip($0, taken).map { $1[$0] } }
  }
}
