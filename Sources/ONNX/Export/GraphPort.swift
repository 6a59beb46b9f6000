/// What comes into a graph or goes out of it, one an image of a batch of any size N.
package struct GraphPort: Equatable, Sendable {
  package let name: String
  /// `[H, W, C]` of images, which the file has as `[N, C, H, W]`; `[values]` of rows; none for a label each.
  package let shape: [Int]
  /// Numbers in single precision, or integers.
  let type: StoredTensor.Kind
  /// The range of the numbers, where there is one.
  let range: String?

  private init(_ name: String, _ shape: [Int], _ type: StoredTensor.Kind, in range: String? = nil) {
    (self.name, self.shape, self.type, self.range) = (name, shape, type, range)
  }

  /// Images `[H, W, C]` with pixels in [0, 1].
  package static func images(_ shape: [Int], named name: String = "images") -> GraphPort {
    precondition(shape.count == 3, "GraphPort.images: the shape \(shape) is not [H, W, C]")
    return GraphPort(name, shape, .float, in: "[0, 1]")
  }

  /// Rows of so many numbers.
  package static func row(_ count: Int, named name: String) -> GraphPort { GraphPort(name, [count], .float) }

  /// A label each, counted from 0.
  package static func labels(named name: String = "labels") -> GraphPort { GraphPort(name, [], .int64) }

  var value: GraphValue { GraphValue(name: name, shape: shape) }

  /// The sizes behind the batch, in the order of the file.
  private var sizes: [Int] { shape.count == 3 ? [shape[2], shape[0], shape[1]] : shape }

  /// Such as `images [N, 1, 28, 28] in [0, 1]`.
  var described: String {
    let sizes = (["N"] + sizes.map(String.init)).joined(separator: ", ")
    return "\(name) [\(sizes)]" + (range.map { " in \($0)" } ?? "")
  }

  /// What the file says of it.
  var information: ValueInfoProto {
    var batch = TensorShapeProto.Dimension()
    batch.dimParam = "N"
    var information = ValueInfoProto()
    information.name = name
    information.type.tensorType.elemType = type.rawValue
    information.type.tensorType.shape.dim =
      [batch]
      + sizes.map { size in
        var dimension = TensorShapeProto.Dimension()
        dimension.dimValue = Int64(size)
        return dimension
      }
    return information
  }
}
