/// How the pixels of a resized image follow from those around them.
public enum ResizingFilter: String, Sendable, CaseIterable {
  /// Weights that fall in a straight line to 0 one pixel away; on reduction that pixel is one of the result,
  /// so that no pixel of the original is skipped (antialiased). Pillow's `BILINEAR`.
  case bilinear

  /// How far the filter reaches, in pixels of the coarser of the two images.
  var support: Double { 1 }

  func weight(at distance: Double) -> Double { max(0, 1 - abs(distance)) }
}

/// Resizes grey images of one size to another, byte for byte as Pillow's `Image.resize` does.
///
/// Pillow keeps bytes between its horizontal and its vertical pass and counts in whole numbers, weights being
/// multiples of 2⁻²². Both are taken over here: scores depend on the way images were resized, and whole
/// numbers are the same on every machine. It resizes whole images only, no part of one.
public struct ImageResizing: Sendable {
  public let filter: ResizingFilter
  private let columns: Weights
  private let rows: Weights

  /// - Parameters:
  ///   - size: rows and columns of the images.
  ///   - newSize: those of the resized ones.
  /// - Precondition: all sizes are at least 1.
  public init(
    from size: (height: Int, width: Int), to newSize: (height: Int, width: Int),
    filter: ResizingFilter = .bilinear
  ) {
    precondition(
      min(size.height, size.width, newSize.height, newSize.width) >= 1,
      "resizing needs at least one pixel: \(size) to \(newSize)")
    self.filter = filter
    rows = Weights(from: size.height, to: newSize.height, filter: filter)
    columns = Weights(from: size.width, to: newSize.width, filter: filter)
  }

  /// What it does to images, for a person.
  public var note: String {
    "resized from \(rows.size)×\(columns.size) to \(rows.newSize)×\(columns.newSize) "
      + "(\(filter), antialiased, as Pillow's)"
  }

  /// - Parameter pixels: row-major `[N, H, W]`.
  /// - Returns: the resized images, again `[N, H, W]`.
  /// - Precondition: the pixels fill whole images.
  public func callAsFunction(_ pixels: [UInt8]) -> [UInt8] {
    let size = rows.size * columns.size
    precondition(pixels.count.isMultiple(of: size), "\(pixels.count) pixels are no images of \(size)")
    guard rows.size != rows.newSize || columns.size != columns.newSize else { return pixels }
    var result: [UInt8] = []
    result.reserveCapacity(pixels.count / size * rows.newSize * columns.newSize)
    for start in stride(from: 0, to: pixels.count, by: size) {
      // Each pass turns the image on its side, so after two it is upright again.
      result += rows.pass(columns.pass(pixels[start..<start + size])[...])
    }
    return result
  }
}

/// For every place of a resized row: the places of the original that it is a mean of, and their weights.
private struct Weights: Sendable {
  private static let bits = 22

  let size: Int
  let newSize: Int
  private let places: [(first: Int, weights: [Int])]

  init(from size: Int, to newSize: Int, filter: ResizingFilter) {
    self.size = size
    self.newSize = newSize
    let scale = Double(size) / Double(newSize)
    let spread = max(1, scale)
    let density = 1 / spread
    let reach = filter.support * spread
    places = (0..<newSize).map { place in
      let center = (Double(place) + 0.5) * scale
      let first = max(0, Int(center - reach + 0.5))
      let end = min(size, Int(center + reach + 0.5))
      let weights = (first..<end).map { filter.weight(at: (Double($0) - center + 0.5) * density) }
      let sum = weights.reduce(0, +)
      return (first, weights.map { Int(($0 / sum * Double(1 << Self.bits)).rounded()) })
    }
  }

  /// Resizes every row of a `[H, W]` image; the result is turned on its side, `[new W, H]`.
  func pass(_ pixels: ArraySlice<UInt8>) -> [UInt8] {
    let count = pixels.count / size
    var result = [UInt8](repeating: 0, count: newSize * count)
    for (place, (first, weights)) in places.enumerated() {
      for row in 0..<count {
        let start = pixels.startIndex + row * size + first
        var sum = 1 << (Self.bits - 1)
        for (offset, weight) in weights.enumerated() { sum += weight * Int(pixels[start + offset]) }
        result[place * count + row] = UInt8(clamping: sum >> Self.bits)
      }
    }
    return result
  }
}
