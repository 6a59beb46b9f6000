import Files
import FoundationEssentials

/// Masks out of NumPy's files.
///
/// | elements | shape | meaning |
/// |---|---|---|
/// | truth values, integers or floating-point numbers that are 0 or 1 | `[H, W]` | a mask for all images |
/// | the same | `[N, H, W]` | mask i for image i |
extension PixelMask {
  /// Reads the mask of `images` from the `.npy` file at `path`.
  ///
  /// - Parameter takesFirst: whether the images are the first of a set, so that a file may hold masks of the
  ///   others behind theirs; else there must be as many masks as images.
  /// - Throws: `FileError.missing(path:remedy:)`, `FileError.unreadable(path:reason:)`, and
  ///   `FileError.malformed(path:expected:found:)` for another kind of file, another shape or number of
  ///   masks, other values than 0 and 1, and masks of zeros alone.
  public init(
    contentsOf path: String, for images: LabeledImages, takesFirst: Bool = false
  ) throws(FileError) {
    try self.init(try AtomicFile.read(path), path: path, for: images, takesFirst: takesFirst)
  }

  /// The same of `data`, the bytes of a file; `path` is its name in errors and in results.
  public init(
    _ data: Data, path: String, for images: LabeledImages, takesFirst: Bool = false
  ) throws(FileError) {
    let file = try MaskFile(data, path: path)
    let size = [images.height, images.width]
    guard (2...3).contains(file.shape.count), Array(file.shape.suffix(2)) == size else {
      throw .malformed(
        path: path,
        expected: "a mask of the shape \(size) for all images, or \([images.count] + size) for one each",
        found: "the shape \(file.shape.brief)")
    }
    let isShared = file.shape.count == 2
    guard isShared || file.shape[0] == images.count || takesFirst && file.shape[0] > images.count else {
      throw .malformed(
        path: path, expected: "as many masks as images, \(images.count)\(takesFirst ? " or more" : "")",
        found: "\(file.shape[0])")
    }
    let all = PixelMask(
      try file.values(), shape: file.shape, name: path.lastPathComponent, sha256: SHA256.hex(of: data))
    let mask = all.prefix(images.count)
    guard mask.pixels.contains(1) else {
      throw .malformed(
        path: path, expected: "a mask with a 1, where a pixel may change", found: "zeros alone")
    }
    self = mask
  }
}

/// An array of truth values or numbers, whose values are not looked at yet.
private struct MaskFile {
  private enum Content {
    case truths([Bool])
    case numbers(NPYArray)
  }

  let shape: [Int]
  private let path: String
  private let content: Content

  init(_ data: Data, path: String) throws(FileError) {
    self.path = path
    guard let text = try NPYText(data, path: path) else {
      let array = try NPYArray(data, path: path)
      (shape, content) = (array.shape, .numbers(array))
      return
    }
    guard case .truths(let truths) = text.elements else {
      throw .malformed(path: path, expected: "a mask of 0 and 1", found: "text")
    }
    (shape, content) = (text.shape, .truths(truths))
  }

  /// 0 or 1 each, in C order.
  func values() throws(FileError) -> [UInt8] {
    let array: NPYArray
    switch content {
    case .truths(let truths): return truths.map { $0 ? 1 : 0 }
    case .numbers(let numbers): array = numbers
    }
    var values: [UInt8] = []
    values.reserveCapacity(array.count)
    var stranger: (value: Double, position: Int)?
    func add(_ value: Double) {
      // What is no number equals neither.
      if value != 0, value != 1, stranger == nil { stranger = (value, values.count) }
      values.append(value == 1 ? 1 : 0)
    }
    switch array.element {
    case .int64, .uint64: for value in try array.integers() { add(Double(value)) }
    default: try array.forEachDouble(add)
    }
    if let stranger {
      throw .malformed(
        path: path, expected: "a mask of 0 and 1",
        found: "\(PixelRange.short(stranger.value)) at position \(stranger.position)")
    }
    return values
  }
}
