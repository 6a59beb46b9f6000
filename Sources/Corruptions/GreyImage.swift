/// A grey image while it is worked on: row-major `[height, width]`, black is 0, white 1.
public struct GreyImage: Sendable, Equatable {
  /// Rows of the image.
  public let height: Int
  /// Columns of the image.
  public let width: Int
  /// `[height, width]`, row by row; while an image is worked on they may leave [0, 1].
  public var pixels: [Double]

  /// An image of these pixels, row by row; black is 0, white 1.
  ///
  /// - Precondition: the pixels fill `[height, width]`.
  public init(height: Int, width: Int, pixels: [Double]) {
    precondition(pixels.count == height * width, "GreyImage: \(pixels.count) pixels as \([height, width])")
    self.height = height
    self.width = width
    self.pixels = pixels
  }

  /// An image of these bytes, row by row; black is 0, white 255.
  ///
  /// - Precondition: the bytes fill `[height, width]`.
  public init(bytes: some Collection<UInt8>, height: Int, width: Int) {
    self.init(height: height, width: width, pixels: bytes.map { Double($0) / 255 })
  }

  /// `[height, width]`, clipped and rounded to 0...255.
  public var bytes: [UInt8] { pixels.map { UInt8((min(max($0, 0), 1) * 255).rounded()) } }

  /// Every pixel on its own, with its place in `pixels`.
  func mapped(_ change: (_ index: Int, _ pixel: Double) -> Double) -> GreyImage {
    var result = self
    for index in pixels.indices { result.pixels[index] = change(index, pixels[index]) }
    return result
  }

  /// Every pixel from the image and its own place.
  func rebuilt(_ value: (_ row: Int, _ column: Int) -> Double) -> GreyImage {
    mapped { index, _ in value(index / width, index % width) }
  }
}
