import Autograd
import Files

/// What a graph says of its input: the batch of the exporter's example, and how its images lie.
struct InputShape {
  /// The number of images, where the file says one.
  let batch: Int?
  /// `[H, W, C]`
  let imageShape: [Int]
  /// `[H, W, C]` as the file orders them, such as `[C, H, W]`, and how those axes lie in memory.
  private let image: (shape: [Int], order: [Int])
  /// The sizes behind the batch; another number of axes than images have, for a list or for grey images.
  private let shape: [Int]

  /// Reads `[N, C, H, W]`, `[N, H, W, C]`, `[N, H, W]` or `[N, values]`.
  ///
  /// - Parameters:
  ///   - wanted: the images at hand, for sizes that the file leaves open, and for a list of values.
  ///   - layout: nil where the number of channels tells it; NCHW where it tells both.
  /// - Throws: `FileError` for other shapes, other numbers than singles, and sizes that stay open.
  init(
    _ input: ValueInfoProto, imageShape wanted: [Int]?, _ layout: Preprocessing.Layout?, path: String
  ) throws(FileError) {
    let type = input.type.tensorType
    guard input.hasType, type.hasShape, type.elemType == StoredTensor.Kind.float.rawValue else {
      throw .malformed(
        path: path, expected: "an input \(input.name) of single precision (FLOAT) with a shape",
        found: StoredTensor.Kind(rawValue: type.elemType).map { "\($0)" } ?? "none")
    }
    var sizes: [Int?] = type.shape.dim.map { dimension in
      // 0 and less are ways to leave it open.
      if case .dimValue(let value) = dimension.value, value > 0 { Int(value) } else { nil as Int? }
    }
    func refusal(_ found: String) -> FileError {
      .malformed(
        path: path,

        expected:
          "an input \(input.name) [N, C, H, W], [N, H, W, C], [N, H, W] or [N, values] of 1 or 3 channels",
        found: found)
    }
    let described = "[\(sizes.map { $0.map(String.init) ?? "?" }.joined(separator: ", "))]"
    guard (2...4).contains(sizes.count), sizes.allSatisfy({ $0.map { $0 <= 4096 * 4096 } ?? true }) else {
      throw refusal(described)
    }
    batch = sizes.removeFirst()
    let isChannels = { (size: Int?) in size.map { [1, 3].contains($0) } ?? (wanted != nil) }
    switch sizes.count {
    case 3:
      let isLast =
        layout.map { $0 == .nhwc }
        ?? (isChannels(sizes[2]) && !(isChannels(sizes[0]) && sizes[0] != nil))
      let order = isLast ? [0, 1, 2] : [1, 2, 0]
      let known = order.enumerated().compactMap { place, axis in sizes[axis] ?? wanted?[place] }
      guard known.count == 3, [1, 3].contains(known[2]), known.allSatisfy({ (1...4096).contains($0) }) else {
        throw refusal(described)
      }
      imageShape = known
      shape = isLast ? known : [known[2], known[0], known[1]]
      image = (shape, order)
    case 2:
      let known = [sizes[0] ?? wanted?[0], sizes[1] ?? wanted?[1]].compactMap { $0 }
      guard known.count == 2 else { throw refusal(described) }
      (imageShape, shape) = (known + [1], known)
      image = (imageShape, [0, 1, 2])
    default:
      guard let count = sizes[0] ?? wanted?.product,
        let size = wanted?.product == count ? wanted : Self.square(count)
      else { throw refusal(described) }
      (imageShape, shape) = (size, [count])
      // Colours are a list of planes, unless the layout says pixels.
      image = layout == .nhwc ? (size, [0, 1, 2]) : ([size[2], size[0], size[1]], [1, 2, 0])
    }
  }

  /// The input of the graph, made of images `[N, H, W, C]` at a place of the program.
  func value(_ images: Int, _ builder: GraphBuilder) throws(FileError) -> ComputedValue {
    let pixels = ComputedValue(slot: images, shape: image.shape, order: image.order)
    return shape == image.shape ? pixels : try Shapes.reshaped(pixels, shape, builder)
  }

  /// `[H, W, C]` of a list of as many values: square, grey if it can be.
  private static func square(_ count: Int) -> [Int]? {
    for channels in [1, 3] where count % channels == 0 {
      let side = Int(Double(count / channels).squareRoot().rounded())
      if side * side * channels == count, side > 0 { return [side, side, channels] }
    }
    return nil
  }
}
