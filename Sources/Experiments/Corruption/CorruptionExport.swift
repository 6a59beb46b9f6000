import Cluster
import Corruptions
import Datasets
import Files
import FoundationEssentials

/// A data set after each of some corruptions.
public struct CorruptionExport {
  /// The corruptions and severities, one damaged set each, in this order.
  public var settings: [CorruptionSetting]
  /// Of what is random in them.
  public var seed: UInt64

  /// An export of these corruptions, by default of all at every severity.
  public init(settings: [CorruptionSetting] = CorruptionSetting.all, seed: UInt64 = 0) {
    self.settings = settings
    self.seed = seed
  }

  /// Refuses images that have no grey pixels, too few, or that cannot be turned by a quarter.
  ///
  /// - Parameters:
  ///   - images: of which only the shape is looked at.
  ///   - path: where they come from.
  /// - Throws: `FileError.malformed(path:expected:found:)`.
  public static func check(_ images: LabeledImages, path: String) throws(FileError) {
    guard images.channels == 1, images.height == images.width, images.height >= 8 else {
      throw .malformed(
        path: path, expected: "grey, square images of 8×8 pixels or more", found: "\(images.shape)")
    }
  }

  /// Damages the images by one corruption after the other.
  ///
  /// - Parameters:
  ///   - images: clean ones.
  ///   - division: who damages which images.
  ///   - observer: hears of each damaged set, after `body`.
  ///   - body: is given each damaged set, which it need not keep; nothing where a part of the work is done.
  /// - Throws: what `body` or the observer throws; of a part of the work, `Cluster/PartDone`.
  /// - Precondition: the images pass ``check(_:path:)``.
  public func run(
    on images: LabeledImages, division: Division = .alone, observer: Observer = Observer(),
    _ body: (CorruptionSetting, LabeledImages) throws -> Void
  ) throws {
    try division.begin(inputs: images.inputs(), items: images.count, unit: "images")
    for (done, setting) in settings.enumerated() {
      let pieces = try division.pieces(
        setting.name, count: images.count, size: Self.pieceSize,
        fits: { $0.count == $1.count * images.valuesPerImage }
      ) {
        Data(setting.pixels(of: $0, in: images, seed: seed))
      }
      if !division.isPart {
        try body(setting, setting.damaged(images, pixels: pieces.flatMap { $0.map([UInt8].init) ?? [] }))
      }
      try observer.progress(WorkProgress("corrupting", done + 1, of: settings.count, unit: "arrays"))
    }
    try division.endPart()
  }

  /// Images in a piece of the work.
  private static let pieceSize = 500
}
