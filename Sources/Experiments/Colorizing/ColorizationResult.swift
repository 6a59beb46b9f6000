import Eval
import Pictures

/// `assay/colorization/1`: how well images were coloured.
public struct ColorizationResult: Codable, Equatable, Sendable {
  /// One way to colour the images.
  public struct Figures: Codable, Equatable, Sendable {
    /// The colorizer's name, or that of a reference: `mean colour`, `labels by conv`, `right colours`.
    public let name: String
    /// The mean over the foreground and the channels, in [0, 1].
    public let colorError: RatioEstimate
    /// A share of the background's pixels.
    public let blackBackground: RatioEstimate
    /// How often the label's colour is the one nearest to the image's tint.
    public let labelFromColor: Proportion
    /// By the label's name, where it has images.
    public let labelFromColorByLabel: [String: Proportion]
    /// Of the coloured images made grey again, by the classifier's name.
    public let luminanceAccuracy: [String: Proportion]

    init(
      _ name: String, _ accuracy: ColorAccuracy, labelNames: [String],
      luminance: [(classifier: String, accuracy: Proportion)]
    ) {
      self.name = name
      (colorError, blackBackground) = (accuracy.colorError, accuracy.blackBackground)
      labelFromColor = accuracy.labelFromColor
      let byLabel = zip(labelNames, accuracy.labelFromColorByLabel).compactMap { name, share in
        share.map { (name, $0) }
      }
      labelFromColorByLabel = Dictionary(byLabel) { first, _ in first }
      luminanceAccuracy = Dictionary(uniqueKeysWithValues: luminance.map { ($0.classifier, $0.accuracy) })
    }
  }

  /// The name and version of the JSON's form.
  public static let schema = "assay/colorization/1"
  /// The format of the file and its version.
  public private(set) var schema = Self.schema
  /// Where the images came from.
  public let source: String
  /// The number of images.
  public let count: Int
  /// SHA-256 of the colorizer's file.
  public let weightsSha256: String
  /// The names of the colorizer's labels.
  public let labels: [String]
  /// The right ones, such as `#8b4513`.
  public let colors: [String]
  /// The colorizer's, and after it the references'.
  public let figures: [Figures]

  init(
    source: String, count: Int, weightsSHA256: String, labels: [String], colors: [Color], figures: [Figures]
  ) {
    (self.source, self.count, weightsSha256) = (source, count, weightsSHA256)
    (self.labels, self.figures) = (labels, figures)
    self.colors = colors.map { "#" + String(0x1000000 | $0.hex, radix: 16).dropFirst() }
  }
}
