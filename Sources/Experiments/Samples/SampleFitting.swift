import Datasets
import Files

/// How pictures of one size become images of the size that is wanted: cut from a grid, their middle
/// taken, or resized.
///
/// Notes say what was done, and what else the pictures look like.
struct SampleFitting {
  /// Rows and columns of an image.
  let size: Int
  private let height, width, channels: Int
  private let names: SampleSource.SettingNames
  private let cut: GridCut?
  /// How much is left out above and to the left of each image; nil where they are not cropped.
  private let margins: (top: Int, left: Int)?
  private let resizing: ImageResizing?
  private var pictureCount = 0
  private var imageCount = 0
  /// Whether all around the middle is black in every picture so far, and whether anything is not.
  private var (isFramed, isBlack) = (true, true)

  /// - Parameters:
  ///   - height: of the pictures, as `width`.
  ///   - path: where they came from, for errors.
  /// - Throws: ``FileError/malformed(path:expected:found:)`` for pictures that cannot be cut or cropped.
  init(
    height: Int, width: Int, channels: Int = 1, to size: Int, grid: SampleGrid?, crops: Bool, path: String,
    names: SampleSource.SettingNames = .init()
  ) throws(FileError) {
    self.names = names
    (self.height, self.width, self.channels, self.size) = (height, width, channels, size)
    cut = grid.flatMap { GridCut($0, height: height, width: width, channels: channels, size: size) }
    if let grid, cut == nil {
      throw .malformed(
        path: path, expected: "pictures of \(grid.rows)×\(grid.columns) images of one size",
        found: "\(height)×\(width) pixels")
    }
    let (ownHeight, ownWidth) = (cut?.height ?? height, cut?.width ?? width)
    guard !crops || min(ownHeight, ownWidth) >= size else {
      throw .malformed(
        path: path, expected: "images of \(size)×\(size) or more, to take the middle of",
        found: "\(ownHeight)×\(ownWidth)")
    }
    let isOther = (ownHeight, ownWidth) != (size, size)
    margins = crops && isOther ? ((ownHeight - size) / 2, (ownWidth - size) / 2) : nil
    resizing =
      !crops && isOther
      ? ImageResizing(from: (ownHeight, ownWidth), to: (size, size), channels: channels) : nil
  }

  /// Whether pictures stay as they are.
  var isIdentity: Bool { cut == nil && margins == nil && resizing == nil }

  /// - Parameter pixels: of one picture `[H, W, C]`.
  /// - Returns: its images `[N, size, size, C]`.
  mutating func callAsFunction(_ pixels: [UInt8]) -> [UInt8] {
    pictureCount += 1
    guard !isIdentity else {
      imageCount += 1
      return pixels
    }
    if isFramed, cut == nil, resizing != nil {
      isFramed = hasBlackFrame(pixels)
      isBlack = isBlack && pixels.allSatisfy { $0 == 0 }
    }
    let images = cut?.images(pixels) ?? [pixels]
    imageCount += images.count
    return images.flatMap { resizing?($0) ?? middle(of: $0) }
  }

  private func middle(of image: [UInt8]) -> [UInt8] {
    guard let margins else { return image }
    let rowLength = cut?.width ?? width
    return (margins.top..<margins.top + size).flatMap { row in
      let start = (row * rowLength + margins.left) * channels
      return image[start..<start + size * channels]
    }
  }

  private func hasBlackFrame(_ pixels: [UInt8]) -> Bool {
    guard min(height, width) >= size else { return false }
    let (top, left) = ((height - size) / 2, (width - size) / 2)
    let (rows, columns) = (top..<top + size, left..<left + size)
    return !pixels.indices.contains { index in
      pixels[index] != 0
        && !(rows.contains(index / channels / width) && columns.contains(index / channels % width))
    }
  }

  /// What was done, and what could be done instead.
  var notes: [String] {
    var notes: [String] = []
    if let cut {
      let empty = pictureCount * cut.grid.rows * cut.grid.columns - imageCount
      notes.append(cut.note + (empty == 0 ? "" : "; \(empty) empty places left out"))
    }
    if margins != nil {
      notes.append("the middle \(size)×\(size) of \(cut?.height ?? height)×\(cut?.width ?? width)")
    }
    if let resizing { notes.append(resizing.note) }
    guard cut == nil, resizing != nil, pictureCount > 0 else { return notes }
    if let grid = SampleGrid.likely(height: height, width: width, size: size) {
      notes.append(
        "\(height)×\(width) pixels look like a grid of \(grid.rows)×\(grid.columns) images: \(names.grid) \(grid.text) "
          + "cuts it into them")
    } else if isFramed, !isBlack, min(height, width) >= size {
      notes.append(
        "a black frame around \(size)×\(size) pixels: \(names.crops) takes those instead of resizing")
    }
    return notes
  }
}
