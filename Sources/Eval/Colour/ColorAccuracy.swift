import Pictures

/// How well grey images are coloured, where each label has one right colour.
///
/// With the grey gₚ of a pixel p, the right colour c(label) and the colour yₚ that it was given, all in
/// [0, 1], the foreground being where g > 0:
///
/// | figure | definition |
/// |---|---|
/// | colour error | the mean of \|yₚ - gₚ c\| over the foreground and the three channels |
/// | black background | the share of the other pixels in which no channel is above ``blackest`` |
/// | label from colour | how often c(label) is the colour nearest to the image's tint |
///
/// The tint is what the greys were multiplied with, by least squares over the foreground: Σ gₚ yₚ / Σ gₚ². An
/// image that is black altogether has none, and no label can be told from it.
///
/// Looks at colours alone, not at whether an image is a good one.
public struct ColorAccuracy: Equatable, Sendable {
  /// The brightest byte that passes for black. In sRGB it has 0.12 % of the light of white, less than a
  /// screen reflects in a lit room.
  public static let blackest: UInt8 = 4

  /// The mean of |yₚ - gₚ c| over the foreground's pixels and channels, in [0, 1].
  public let colorError: RatioEstimate
  /// The share of background pixels that stay black, in [0, 1].
  public let blackBackground: RatioEstimate
  /// How many images have a tint that is nearest to their own label's colour.
  public let labelFromColor: Proportion
  /// The same of each label; nil where it has no image.
  public let labelFromColorByLabel: [Proportion?]

  /// Measures all images; bytes of 255 count as 1.
  ///
  /// - Parameters:
  ///   - colored: `[N, H, W, 3]`.
  ///   - grey: `[N, H, W]`.
  ///   - labels: `[N]`, each below the number of colours.
  ///   - colors: the right one of each label.
  public init(_ colored: [UInt8], of grey: [UInt8], labels: [Int], colors: [Color]) {
    precondition(
      !labels.isEmpty && colored.count == 3 * grey.count && grey.count.isMultiple(of: labels.count)
        && labels.allSatisfy(colors.indices.contains),
      "ColorAccuracy: \(colored.count) values of \(grey.count) pixels in \(labels.count) images")
    let palette = colors.map { [$0.red, $0.green, $0.blue].map { Double($0) / 255 } }
    let images = labels.indices.map { index in
      let size = grey.count / labels.count
      return ColoredImage(
        colored[3 * index * size..<3 * (index + 1) * size], of: grey[index * size..<(index + 1) * size],
        color: palette[labels[index]], palette: palette)
    }
    colorError = RatioEstimate(images.map(\.error), of: images.map { 3 * $0.foreground })
    blackBackground = RatioEstimate(images.map(\.black), of: images.map(\.background))
    let isRight = zip(images, labels).map { $0.label == $1 }
    labelFromColor = Proportion(right: isRight)
    labelFromColorByLabel = colors.indices.map { label in
      let own = labels.indices.filter { labels[$0] == label }
      return own.isEmpty ? nil : Proportion(right: own.map { isRight[$0] })
    }
  }
}

/// What is counted of one image.
private struct ColoredImage {
  /// Pixels.
  var (foreground, background, black) = (0.0, 0.0, 0.0)
  /// The sum over the foreground's pixels and channels.
  var error = 0.0
  /// Of the colour nearest to the tint.
  var label: Int?

  init(_ colored: ArraySlice<UInt8>, of grey: ArraySlice<UInt8>, color: [Double], palette: [[Double]]) {
    var (products, squares) = ([0.0, 0, 0], 0.0)
    for (pixel, byte) in grey.enumerated() {
      let start = colored.startIndex + 3 * pixel
      guard byte > 0 else {
        background += 1
        if colored[start..<start + 3].allSatisfy({ $0 <= ColorAccuracy.blackest }) { black += 1 }
        continue
      }
      foreground += 1
      let g = Double(byte) / 255
      squares += g * g
      for channel in 0..<3 {
        let y = Double(colored[start + channel]) / 255
        error += abs(y - g * color[channel])
        products[channel] += g * y
      }
    }
    guard squares > 0 else { return }
    let tint = products.map { $0 / squares }
    let distances = palette.map { zip($0, tint).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
    label = distances.indices.min { distances[$0] < distances[$1] }
  }
}
