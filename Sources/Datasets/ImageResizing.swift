/// How the pixels of a resized image follow from those around them.
public enum ResizingFilter: String, Sendable, CaseIterable {
  /// Weights that fall in a straight line to 0 one pixel away; on reduction that pixel is one of the result,
  /// so that no pixel of the original is skipped (antialiased). Pillow's `BILINEAR`.
  case bilinear

  /// How far the filter reaches, in pixels of the coarser of the two images.
  var support: Double { 1 }

  func weight(at distance: Double) -> Double { max(0, 1 - abs(distance)) }
}

/// Resizes images of one size to another, byte for byte as Pillow's `Image.resize` does.
///
/// Pillow (up to 12; 13 exchanges the passes of some tall images) keeps bytes between its horizontal and its
/// vertical pass and counts in whole numbers, weights being multiples of 2⁻²². Both are taken over here:
/// scores depend on the way images were resized, and whole numbers are the same on every machine. It resizes
/// whole images only, no part of one.
public struct ImageResizing: Sendable {
  /// How the pixels around a place weigh in its new value.
  public let filter: ResizingFilter
  private let columns: Weights
  private let rows: Weights
  private let channels: Int

  /// A resizing between two sizes, for any number of images.
  ///
  /// - Parameters:
  ///   - size: rows and columns of the images.
  ///   - newSize: those of the resized ones.
  ///   - channels: values of a pixel, each resized by itself.
  ///   - filter: how the pixels around a place weigh in its new value.
  /// - Precondition: all sizes are at least 1.
  public init(
    from size: (height: Int, width: Int), to newSize: (height: Int, width: Int),
    channels: Int = 1, filter: ResizingFilter = .bilinear
  ) {
    precondition(
      min(size.height, size.width, newSize.height, newSize.width, channels) >= 1,
      "resizing needs at least one pixel: \(size) to \(newSize)")
    self.filter = filter
    self.channels = channels
    rows = Weights(from: size.height, to: newSize.height, filter: filter)
    columns = Weights(from: size.width, to: newSize.width, filter: filter)
  }

  /// What it does to images, for a person.
  public var note: String {
    "resized from \(rows.size)×\(columns.size) to \(rows.newSize)×\(columns.newSize) "
      + "(\(filter), antialiased, as Pillow's)"
  }

  /// Resizes images one by one.
  ///
  /// - Parameter pixels: row-major `[N, H, W, C]`.
  /// - Returns: the resized images, again `[N, H, W, C]`.
  /// - Precondition: the pixels fill whole images.
  public func callAsFunction(_ pixels: [UInt8]) -> [UInt8] {
    let size = rows.size * columns.size * channels
    precondition(pixels.count.isMultiple(of: size), "\(pixels.count) values are no images of \(size)")
    guard rows.size != rows.newSize || columns.size != columns.newSize else { return pixels }
    var result: [UInt8] = []
    result.reserveCapacity(pixels.count / size * rows.newSize * columns.newSize * channels)
    for start in stride(from: 0, to: pixels.count, by: size) {
      // Each pass turns the image on its side, so after two it is upright again.
      let turned = columns.pass(pixels[start..<start + size], channels: channels)
      result += rows.pass(turned[...], channels: channels)
    }
    return result
  }
}

/// For every place of a resized row: the places of the original that it is a mean of, and their weights.
private struct Weights: Sendable {
  private static let bits = 22

  let size: Int
  let newSize: Int
  /// For each place, the first of the original's.
  private let firsts: [Int]
  /// Those of a place from the first on, all places one after another, and where each place's end.
  private let weights: [Int]
  private let ends: [Int]

  init(from size: Int, to newSize: Int, filter: ResizingFilter) {
    self.size = size
    self.newSize = newSize
    let scale = Double(size) / Double(newSize)
    let spread = max(1, scale)
    let density = 1 / spread
    let reach = filter.support * spread
    var (firsts, weights, ends): ([Int], [Int], [Int]) = ([], [], [])
    for place in 0..<newSize {
      let center = (Double(place) + 0.5) * scale
      let first = max(0, Int(center - reach + 0.5))
      let end = min(size, Int(center + reach + 0.5))
      let own = (first..<end).map { filter.weight(at: (Double($0) - center + 0.5) * density) }
      let sum = own.reduce(0, +)
      firsts.append(first)
      weights += own.map { Int(($0 / sum * Double(1 << Self.bits)).rounded()) }
      ends.append(weights.count)
    }
    (self.firsts, self.weights, self.ends) = (firsts, weights, ends)
  }

  /// Resizes every row of a `[H, W, C]` image; the result is turned on its side, `[new W, H, C]`.
  func pass(_ pixels: ArraySlice<UInt8>, channels: Int) -> [UInt8] {
    let count = pixels.count / (size * channels)
    var result = [UInt8](repeating: 0, count: newSize * count * channels)
    pixels.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        for row in 0..<count {
          var weight = 0
          for place in 0..<newSize {
            let start = (row * size + firsts[place]) * channels
            for channel in 0..<channels {
              var sum = 1 << (Self.bits - 1)
              var pixel = start + channel
              for index in weight..<ends[place] {
                sum += weights[index] * Int(source[pixel])
                pixel += channels
              }
              target[(place * count + row) * channels + channel] = UInt8(clamping: sum >> Self.bits)
            }
            weight = ends[place]
          }
        }
      }
    }
    return result
  }
}
