import Files

/// How the elements of an array make images, which come one after another and row by row.
struct ImageForm: Hashable {
  let height: Int
  let width: Int
  var isColor = false
  /// Whether an image has its three colours one after another, instead of each pixel.
  var isPlanar = false

  /// - Throws: ``FileError/malformed(path:expected:found:)`` for other shapes, those that can be read in two
  ///   ways, and no images.
  init(of array: NPYArray) throws(FileError) {
    let shape = array.shape
    guard shape.isEmpty || !shape.contains(0) else {
      throw .malformed(path: array.path, expected: "at least one image", found: "the shape \(shape)")
    }
    let forms = Self.forms(of: shape)
    guard forms.count == 1, let form = forms.first else {
      throw .malformed(
        path: array.path,
        expected:
          "images [N, H, W], [N, H, W, 1], [N, 1, H, W], [N, H, W, 3], [N, 3, H, W] or [N, square number]",
        found: "\(shape)" + (forms.isEmpty ? "" : ", which can be read in two ways"))
    }
    self = form
  }

  private init(_ height: Int, _ width: Int, isColor: Bool = false, isPlanar: Bool = false) {
    (self.height, self.width, self.isColor, self.isPlanar) = (height, width, isColor, isPlanar)
  }

  /// All ways to read the shape.
  private static func forms(of shape: [Int]) -> Set<ImageForm> {
    switch shape.count {
    case 2:
      let side = Int(Double(shape[1]).squareRoot())
      return side * side == shape[1] ? [ImageForm(side, side)] : []
    case 3: return [ImageForm(shape[1], shape[2])]
    case 4:
      var forms: Set<ImageForm> = []
      if shape[3] == 1 { forms.insert(ImageForm(shape[1], shape[2])) }
      if shape[1] == 1 { forms.insert(ImageForm(shape[2], shape[3])) }
      if shape[3] == 3 { forms.insert(ImageForm(shape[1], shape[2], isColor: true)) }
      // Three rows of grey pixels are likelier than colour one pixel wide.
      if shape[1] == 3, shape[3] != 1 {
        forms.insert(ImageForm(shape[2], shape[3], isColor: true, isPlanar: true))
      }
      return forms
    default: return []
    }
  }

  /// The values with the colours of a pixel side by side.
  func interleaved(_ values: [UInt8]) -> [UInt8] {
    guard isPlanar else { return values }
    let size = height * width
    var result = [UInt8](repeating: 0, count: values.count)
    for image in stride(from: 0, to: values.count, by: 3 * size) {
      for color in 0..<3 {
        for pixel in 0..<size { result[image + 3 * pixel + color] = values[image + color * size + pixel] }
      }
    }
    return result
  }
}
