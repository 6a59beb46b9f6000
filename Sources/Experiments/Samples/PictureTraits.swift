import Datasets
import Files
import Pictures

/// What pictures that were read have in common, and what was done to some of them, for a person.
struct PictureTraits {
  /// Of the images that the pictures become.
  private let channels: Int
  /// What transparency was laid over, in words.
  private let background: String
  private var (least, greatest) = (UInt8.max, UInt8.min)
  private var valueCount = 0
  private var hasColor = false
  private var (transparentCount, gammaCount, profileCount) = (0, 0, 0)
  private var gammas: Set<Double> = []

  init(channels: Int, background: Color = .black) {
    self.channels = channels
    self.background = background.name
  }

  mutating func add(_ picture: Picture) {
    let pixels = picture.bitmap.pixels
    for pixel in pixels {
      least = min(least, pixel)
      greatest = max(greatest, pixel)
    }
    valueCount += pixels.count
    hasColor = hasColor || picture.bitmap.channels == 3
    transparentCount += picture.isTransparent ? 1 : 0
    profileCount += picture.hasProfile ? 1 : 0
    if let gamma = picture.gamma {
      gammaCount += 1
      gammas.insert(gamma)
    }
  }

  /// - Precondition: a picture was added.
  var range: PixelValues { .ofBytes(least...greatest, count: valueCount) }

  var notes: [String] {
    let stated = gammas.sorted().prefix(3).map { Text.short($0) }.joined(separator: ", ")
    return [
      hasColor && channels == 1 ? GreyConversion.note : nil,
      transparentCount == 0 ? nil : "transparency laid over \(background) in \(transparentCount) pictures",
      gammaCount == 0
        ? nil
        : "the gamma of \(gammaCount) pictures (gAMA \(stated)) is not applied: pixels are the files' bytes",
      profileCount == 0
        ? nil : "the colour profile of \(profileCount) pictures is not applied: pixels are the files' bytes",
    ].compactMap { $0 }
  }
}
