import Datasets
import Figures

/// The first images of a data set after each of some corruptions, as a picture.
public struct CorruptionSheet {
  private let title, subtitle: String
  private var rows: [LabeledImageSheet.Row] = []

  /// A sheet without rows; only name and split of the images are used.
  ///
  /// - Parameter images: as they are.
  public init(_ images: LabeledImages) {
    title = "Corruptions of \(images.name)"
    subtitle = "the first images, \(images.split.rawValue) split"
  }

  /// Adds a row of damaged images.
  ///
  /// - Parameters:
  ///   - name: what stands before the row.
  ///   - corrupted: of which the first eight are shown.
  public mutating func add(_ name: String, _ corrupted: LabeledImages) {
    rows.append(.init(name, (0..<min(8, corrupted.count)).map { corrupted.bitmap(at: $0) }))
  }

  /// The names of the files that ``write(to:)`` makes.
  public static let fileNames = ["corruptions.png", "corruptions.svg"]

  /// Writes the sheet under both of ``fileNames``.
  ///
  /// - Throws: `FileError/unwritable(path:reason:)`.
  public func write(to folder: String) throws {
    let sheet = LabeledImageSheet(title: title, subtitle: subtitle, rows: rows)
    for name in Self.fileNames { try sheet.drawing.write(to: "\(folder)/\(name)") }
  }
}
