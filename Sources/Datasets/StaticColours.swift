import Pictures

/// Grey images, coloured by their labels: each pixel its grey times the label's colour, so that black stays
/// black (the coloured Fashion-MNIST of Brayton et al., *E_in-style*, 2021, §IV-C).
///
/// The source names two colours, brown for ankle boots and red for dresses; the others are ours, chosen to
/// differ in more than brightness, so that a colour tells the label. Sets with other labels get hues at equal
/// steps.
public struct StaticColours: Sendable, Equatable {
  /// A colour for each label.
  public let colors: [Color]

  private static let fashion: [(label: String, hex: UInt32)] = [
    ("T-shirt/top", 0xFFD700), ("Trouser", 0x1F4FBF), ("Pullover", 0x2E8B57), ("Dress", 0xE00000),
    ("Coat", 0x8A2BE2), ("Sandal", 0xFF69B4), ("Shirt", 0x00CED1), ("Sneaker", 0xFFFFFF), ("Bag", 0x9ACD32),
    ("Ankle boot", 0x8B4513),
  ]

  /// Colours for labels of these names: the ten of Fashion-MNIST in their order have colours of their own,
  /// all others get hues at equal steps from red on.
  public init(labelNames: [String]) {
    colors =
      labelNames == Self.fashion.map(\.label)
      ? Self.fashion.map { Color(hex: $0.hex) }
      : labelNames.indices.map { Self.hue(Double($0) / Double(labelNames.count)) }
  }

  /// Colours `images` by their labels.
  ///
  /// - Parameter images: grey.
  /// - Returns: RGB; channel c is grey · colour c / 255, rounded.
  /// - Precondition: the images are grey, and each label has a colour.
  public func callAsFunction(_ images: LabeledImages) -> LabeledImages {
    precondition(
      images.channels == 1 && images.labelNames.count == colors.count,
      "StaticColours: \(colors.count) colours for images \(images.shape) of \(images.labelNames.count) labels"
    )
    let pixels = Self.paint(images.pixels, count: images.count) { colors[Int(images.labels[$0])] }
    return LabeledImages(
      name: "\(images.name), coloured", split: images.split, height: images.height, width: images.width,
      channels: 3, pixels: pixels, labels: images.labels, labelNames: images.labelNames)
  }

  /// Each pixel's grey times the colour of its image.
  ///
  /// - Parameter pixels: `[N, H, W]`.
  /// - Returns: `[N, H, W, 3]`.
  package static func paint(_ pixels: [UInt8], count: Int, _ color: (_ image: Int) -> Color) -> [UInt8] {
    let size = pixels.count / max(1, count)
    var painted: [UInt8] = []
    painted.reserveCapacity(3 * pixels.count)
    for image in 0..<count {
      let color = color(image)
      let tones = (Int(color.red), Int(color.green), Int(color.blue))
      for grey in pixels[image * size..<(image + 1) * size] {
        painted.append(UInt8((Int(grey) * tones.0 + 127) / 255))
        painted.append(UInt8((Int(grey) * tones.1 + 127) / 255))
        painted.append(UInt8((Int(grey) * tones.2 + 127) / 255))
      }
    }
    return painted
  }

  /// The full colour of a hue in 0..<1, from red by way of green and blue.
  private static func hue(_ hue: Double) -> Color {
    func tone(_ offset: Double) -> UInt8 {
      let place = (hue * 6 + offset).truncatingRemainder(dividingBy: 6)
      return UInt8((255 * min(max(abs(place - 3) - 1, 0), 1)).rounded())
    }
    return Color(red: tone(0), green: tone(4), blue: tone(2))
  }
}
