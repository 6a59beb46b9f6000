import Files

/// One split as its files have it: the labels not yet given names.
struct StoredSplit {
  let height: Int
  let width: Int
  let channels: Int
  /// Row-major `[N, H, W, C]`.
  let pixels: [UInt8]
  /// As they are stored; not yet counted from the set's first.
  let labels: [UInt8]
  /// See ``LabeledImages/sha256``.
  let sha256: String
  /// The file of the labels, for errors.
  let labelsPath: String

  /// - Throws: ``FileError/malformed(path:expected:found:)`` for an unequal number of images and labels, and
  ///   for pixels of neither one nor three values.
  init(images imagesPath: String, labels labelsPath: String) throws(FileError) {
    let labels = try IDX.read(.labels, at: labelsPath)
    let images = try IDX.read(.images, at: imagesPath)
    guard [1, 3].contains(images.shape[3]) else {
      throw .malformed(
        path: imagesPath, expected: "grey images or images of three colours",
        found: "\(images.shape[3]) channels")
    }
    guard images.shape[0] == labels.values.count else {
      throw .malformed(
        path: labelsPath, expected: "\(images.shape[0]) labels, one for each image of \(imagesPath)",
        found: "\(labels.values.count)")
    }
    self.init(
      height: images.shape[1], width: images.shape[2], channels: images.shape[3], pixels: images.values,
      labels: labels.values, labelsPath: labelsPath,
      sha256: LabeledImages.sha256(images: images.sha256, labels: labels.sha256))
  }

  /// The images of a table of text.
  init(table path: String) throws(FileError) {
    let table = try PixelTable(contentsOf: path)
    self.init(
      height: table.side, width: table.side, channels: 1, pixels: table.pixels, labels: table.labels,
      labelsPath: path)
  }

  /// - Parameter sha256: of the files; where there are none of IDX, that of those that would hold the same.
  init(
    height: Int, width: Int, channels: Int, pixels: [UInt8], labels: [UInt8], labelsPath: String,
    sha256: String? = nil
  ) {
    (self.height, self.width, self.channels) = (height, width, channels)
    (self.pixels, self.labels, self.labelsPath) = (pixels, labels, labelsPath)
    let shape = [labels.count, height, width] + (channels == 1 ? [] : [channels])
    self.sha256 =
      sha256
      ?? LabeledImages.sha256(
        images: IDX.digest(shape: shape, values: pixels),
        labels: IDX.digest(shape: [labels.count], values: labels))
  }

  /// The same images with rows and columns exchanged: EMNIST is distributed on its side.
  var transposed: StoredSplit {
    var turned = [UInt8](repeating: 0, count: pixels.count)
    let size = height * width * channels
    pixels.withUnsafeBufferPointer { source in
      turned.withUnsafeMutableBufferPointer { target in
        for image in stride(from: 0, to: source.count, by: size) {
          for y in 0..<height {
            for x in 0..<width {
              for channel in 0..<channels {
                target[image + (x * height + y) * channels + channel] =
                  source[image + (y * width + x) * channels + channel]
              }
            }
          }
        }
      }
    }
    return StoredSplit(
      height: width, width: height, channels: channels, pixels: turned, labels: labels,
      labelsPath: labelsPath)
  }
}
