/// Many images in one picture, side by side: rows and columns of them.
public struct SampleGrid: Hashable, Sendable {
  /// Images one below the other.
  public let rows: Int
  /// Images side by side.
  public let columns: Int

  /// A grid of `rows` × `columns` images.
  ///
  /// - Precondition: at least one image.
  public init(rows: Int, columns: Int) {
    precondition(rows > 0 && columns > 0, "SampleGrid: \(rows)×\(columns) images")
    (self.rows, self.columns) = (rows, columns)
  }

  var text: String { "\(rows)x\(columns)" }

  /// A grid that a picture of this size could be, of more than one image of `size` × `size`; nil where there
  /// is none. A picture of one image that was enlarged may look the same.
  static func likely(height: Int, width: Int, size: Int) -> SampleGrid? {
    for padding in [0, 2, 1] {
      let step = size + padding
      let (rows, columns) = ((height - padding) / step, (width - padding) / step)
      if rows * columns > 1, rows * step + padding == height, columns * step + padding == width {
        return SampleGrid(rows: rows, columns: columns)
      }
    }
    return nil
  }
}

/// How a picture is cut into the images of its grid, which may stand some pixels apart and from its edges, as
/// those of torchvision's save_image do.
struct GridCut: Sendable {
  let grid: SampleGrid
  /// Of one image.
  let height, width: Int
  private let padding: Int
  private let rowLength, channels: Int

  /// - Parameters:
  ///   - height: of the picture, as `width`.
  ///   - size: of an image, where several cuts are possible.
  /// - Returns: nil where the picture is no such grid.
  init?(_ grid: SampleGrid, height: Int, width: Int, channels: Int = 1, size: Int) {
    func side(_ whole: Int, _ count: Int, _ padding: Int) -> Int? {
      let left = whole - padding * (count + 1)
      return left >= count && left.isMultiple(of: count) ? left / count : nil
    }
    let cuts = ([0, 2] + [1] + Array(3...8)).compactMap {
      padding -> (padding: Int, height: Int, width: Int)? in
      guard let own = side(height, grid.rows, padding), let across = side(width, grid.columns, padding) else {
        return nil
      }
      return (padding, own, across)
    }
    guard let cut = cuts.first(where: { $0.height == size && $0.width == size }) ?? cuts.first else {
      return nil
    }
    self.grid = grid
    (self.height, self.width, padding) = (cut.height, cut.width, cut.padding)
    (rowLength, self.channels) = (width, channels)
  }

  var note: String {
    "cut into \(grid.rows)×\(grid.columns) images of \(height)×\(width)"
      + (padding == 0 ? "" : ", \(padding) pixels apart")
  }

  /// The images, row by row, without those at the end that are black or white all over: places that were left
  /// empty.
  func images(_ pixels: [UInt8]) -> [[UInt8]] {
    var images: [[UInt8]] = []
    for row in 0..<grid.rows {
      for column in 0..<grid.columns {
        let (top, left) = (padding + row * (height + padding), padding + column * (width + padding))
        var image: [UInt8] = []
        for y in top..<top + height {
          let start = (y * rowLength + left) * channels
          image += pixels[start..<start + width * channels]
        }
        images.append(image)
      }
    }
    let last = images.lastIndex { image in
      guard let first = image.first, first == 0 || first == 255 else { return true }
      return image.contains { $0 != first }
    }
    return last.map { Array(images[...$0]) } ?? images
  }
}
