import Corruptions
import Datasets
import Files

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
  ///   - observer: hears of each damaged set, after `body`.
  ///   - body: is given each damaged set, which it need not keep.
  /// - Throws: what `body` or the observer throws.
  /// - Precondition: the images pass ``check(_:path:)``.
  public func run(
    on images: LabeledImages, observer: Observer = Observer(),
    _ body: (CorruptionSetting, LabeledImages) throws -> Void
  ) throws {
    for (done, setting) in settings.enumerated() {
      try body(setting, setting.applied(to: images, seed: seed))
      try observer.progress(WorkProgress("corrupting", done + 1, of: settings.count, unit: "arrays"))
    }
  }
}
