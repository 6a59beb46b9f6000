import Datasets
import Kernels

/// A corruption of the catalogue at one severity: what reports and exported arrays mean by its name.
public struct CorruptionSetting: Sendable {
  /// What is done to the images.
  public let corruption: any Corruption
  /// 1 to 5; 1 where the definition knows one strength only.
  public let severity: Int

  /// `shot-noise-3`
  public var name: String { "\(corruption.name)-\(severity)" }

  /// Every corruption at every severity, in the catalogue's order.
  public static let all: [CorruptionSetting] = CorruptionCatalog.all.flatMap { corruption in
    (corruption.severities == .single ? 1...1 : 1...5).map {
      CorruptionSetting(corruption: corruption, severity: $0)
    }
  }

  /// The images after the corruption.
  ///
  /// Each corruption has random numbers of its own, which follow from its name, so that another one in the
  /// catalogue changes none of them; its severities share them.
  ///
  /// - Precondition: the images are grey, of 8×8 pixels or more.
  public func applied(to images: LabeledImages, seed: UInt64) -> LabeledImages {
    images.corrupted(by: corruption, severity: severity, key: key(seed))
  }

  /// The pixels of some of the images after the corruption, as they are among all, `[n, H, W]`.
  ///
  /// - Precondition: the images are grey, of 8×8 pixels or more.
  public func pixels(of range: Range<Int>, in images: LabeledImages, seed: UInt64) -> [UInt8] {
    images.pixels(of: range, by: corruption, severity: severity, key: key(seed))
  }

  /// The images with these pixels in their place, which ``pixels(of:in:seed:)`` gave.
  public func damaged(_ images: LabeledImages, pixels: [UInt8]) -> LabeledImages {
    images.corrupted(pixels, by: corruption, severity)
  }

  private func key(_ seed: UInt64) -> Key {
    corruption.name.utf8.reduce(Key(seed: seed)) { $0.derived(Int($1)) }
  }
}
