import Datasets
import Eval
import Figures
import Files
import Kernels
import Pictures

/// Each kind of damage at each strength, as a picture.
public struct DamageSheet {
  private let sheet: LabeledImageSheet

  /// Images of each strength.
  private static let columns = 8

  /// A sheet of the first eight images, damaged by every `Damage` at each strength above 0.
  ///
  /// - Parameter heldOut: grey and square.
  public init(_ heldOut: LabeledImages) {
    let side = heldOut.height
    let some = heldOut.prefix(Self.columns)
    let rows = Damage.allCases.flatMap { damage in
      damage.strengths.dropFirst().map { strength -> LabeledImageSheet.Row in
        let pixels = damage.applied(to: some.pixels, side: side, strength: strength, key: Key(seed: 0))
        return .init(
          "\(damage.rawValue) \(Text.short(strength))",
          (0..<some.count).map { index in
            Bitmap(
              width: side, height: side, channels: 1,
              pixels: Array(pixels[index * side * side..<(index + 1) * side * side]))
          })
      }
    }
    sheet = LabeledImageSheet(
      title: "What the judges have to notice", subtitle: "test images, damaged more and more", rows: rows)
  }

  /// Writes `damage.png` into the folder.
  ///
  /// - Throws: `FileError/unwritable(path:reason:)`.
  public func write(to folder: String) throws { try sheet.drawing.write(to: "\(folder)/damage.png") }
}
