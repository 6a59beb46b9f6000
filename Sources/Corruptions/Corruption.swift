import Datasets
import Kernels

/// A way in which images go bad without anybody meaning harm: noise, blur, weather, another pose.
///
/// The family is that of MNIST-C (Mu and Gilmer 2019, arXiv 1906.02337) and Fashion-MNIST-C (Weiss and
/// Tonella 2022), with their parameters, which they have from ImageNet-C (Hendrycks and Dietterich 2019);
/// theirs are for 28×28 pixels, and lengths stay in pixels here for images of other sizes. A corrupted data
/// set is ``Datasets/LabeledImages/corrupted(by:severity:key:)``.
public protocol Corruption: Sendable {
  /// As on the command line.
  var name: String { get }

  /// What it does to an image, for a person.
  var summary: String { get }

  /// Where definition and parameters come from.
  var source: String { get }

  /// What the severities 1 to 5 say about the damage.
  var severities: SeverityOrder { get }

  /// The corrupted image; its pixels may leave [0, 1], ``applied(to:severity:key:)`` clips them.
  ///
  /// - Parameters:
  ///   - image: pixels in [0, 1], of 8×8 or more.
  ///   - severity: 1 to 5, checked by the caller.
  ///   - key: what is random follows from it.
  func transformed(_ image: GreyImage, severity: Int, key: Key) -> GreyImage
}

/// What the severities of a corruption say about the damage, the mean squared difference to the clean images.
public enum SeverityOrder: Sendable {
  /// Each does more than the one before, on average over images.
  case growing
  /// Five settings that are not ordered by their damage.
  case unordered
  /// The definition knows one strength; all severities are the same.
  case single
}

extension Corruption {
  /// MNIST-C, where a corruption names no other source.
  public var source: String { "MNIST-C (Mu and Gilmer 2019)" }
  /// ``SeverityOrder/growing``, where a corruption does not say otherwise.
  public var severities: SeverityOrder { .growing }

  /// The corrupted image, clipped to [0, 1]. The same image, severity and key give the same bits.
  ///
  /// Under one key the severities share their random numbers, so that they differ in strength and not in
  /// luck.
  ///
  /// - Precondition: `severity` is 1 to 5, the image of 8×8 pixels or more.
  public func applied(to image: GreyImage, severity: Int, key: Key) -> GreyImage {
    precondition((1...5).contains(severity), "\(name): severity \(severity) is not in 1...5")
    precondition(
      min(image.height, image.width) >= 8, "\(name): \(image.height)×\(image.width) is less than 8×8 pixels")
    return transformed(image, severity: severity, key: key).mapped { _, x in min(max(x, 0), 1) }
  }
}

/// All corruptions by name. A new one is one file and one line here.
public enum CorruptionCatalog {
  /// Every corruption, in the order of reports and exported arrays.
  public static let all: [any Corruption] = [
    GaussianNoise(), ShotNoise(), ImpulseNoise(), SpeckleNoise(),
    GaussianBlur(), DefocusBlur(), GlassBlur(), MotionBlur(),
    Shear(), Scaling(), Rotation(), Translation(),
    Brightness(), Contrast(), Saturation(), Inversion(), Stripe(),
    Fog(), Spatter(), DottedLine(), Zigzag(), CannyEdges(),
    Turn.leftRight, Turn.upDown, Turn.left, Turn.right,
  ]

  /// The corruption of that name, such as `fog`; nil where there is none.
  public static func named(_ name: String) -> (any Corruption)? { all.first { $0.name == name } }
}

extension LabeledImages {
  /// The same images and labels after a corruption, rounded to bytes.
  ///
  /// Image i depends on its own pixels and `key.derived(i)` only: not on the other images, their number, or
  /// the number of threads. Two corruptions of one data set want two keys, as ``CorruptionSetting`` gives
  /// them.
  ///
  /// The name says what was done, such as `fashion-mnist-fog-3`; as no file holds these images, `sha256` is
  /// empty.
  ///
  /// - Precondition: the images are grey, `severity` is 1 to 5.
  public func corrupted(by corruption: any Corruption, severity: Int, key: Key) -> LabeledImages {
    corrupted(pixels(of: 0..<count, by: corruption, severity: severity, key: key), by: corruption, severity)
  }

  /// The same of pixels that are known already, those of all images.
  func corrupted(_ pixels: [UInt8], by corruption: any Corruption, _ severity: Int) -> LabeledImages {
    LabeledImages(
      name: "\(name)-\(corruption.name)-\(severity)", split: split, height: height, width: width,
      pixels: pixels, labels: labels, labelNames: labelNames)
  }

  /// The pixels of the images in `range` after the corruption, `[n, H, W]`.
  func pixels(of range: Range<Int>, by corruption: any Corruption, severity: Int, key: Key) -> [UInt8] {
    precondition(channels == 1, "\(corruption.name): \(shape) are no grey images")
    let size = height * width
    var result = [UInt8](repeating: 0, count: range.count * size)
    result.withUnsafeMutableBufferPointer { result in
      let result = result
      Parallel.forEach(count: range.count, chunkSize: 16) { places in
        for place in places {
          let index = range.lowerBound + place
          let clean = GreyImage(bytes: image(at: index), height: height, width: width)
          let corrupt = corruption.applied(to: clean, severity: severity, key: key.derived(index))
          for (pixel, byte) in corrupt.bytes.enumerated() { result[place * size + pixel] = byte }
        }
      }
    }
    return result
  }
}
