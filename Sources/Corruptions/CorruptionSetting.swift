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
    let key = corruption.name.utf8.reduce(Key(seed: seed)) { $0.derived(Int($1)) }
    return images.corrupted(by: corruption, severity: severity, key: key)
  }
}
