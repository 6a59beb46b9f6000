import Datasets
import Experiments
import Figures
import Files
import Pictures

/// A data set as text, and ten images of each of its labels as a drawing.
public struct DatasetReport: ResultReport {
  private let summary: DatasetSummary

  /// The report of a split that was summarised.
  public init(_ summary: DatasetSummary) { self.summary = summary }

  /// The summary as `assay/dataset/1`.
  ///
  /// - Throws: `NotFinite` where a number of the result is not finite.
  public func json() throws -> String { try JSON.text(summary) }

  /// A line for each label: how many images have it.
  public var csv: String {
    var csv = CSV(["label", "count"])
    for entry in summary.perLabel { csv.add([entry.label, "\(entry.count)"]) }
    return csv.text
  }

  /// A line on the whole, and a table of the labels.
  public func table(_ layout: Layout) -> String {
    var table = TerminalTable([.init("label"), .init("images", .right)])
    for entry in summary.perLabel { table.add([entry.label, "\(entry.count)"]) }
    let title =
      "\(summary.name.visible()), \(summary.split): \(summary.count) images of \(summary.shape[1])×\(summary.shape[2]), "
      + (summary.sha256Ok ? "SHA-256 verified" : "not a data set with known SHA-256")
    return layout.fitted(title) + "\n" + layout.fitted(table)
  }

  /// Writes `dataset.png` and `dataset.svg` into the folder.
  ///
  /// - Parameters:
  ///   - images: those of the summary.
  ///   - folder: created where it is missing.
  /// - Throws: `FileError`.
  public func writeSheet(of images: LabeledImages, to folder: String) throws {
    func picture(_ index: Int) -> Bitmap {
      Bitmap(
        width: images.width, height: images.height, channels: images.channels,
        pixels: Array(images.image(at: index)))
    }
    let sheet = LabeledImageSheet(
      title: images.name, subtitle: "the first ten images of each label, \(summary.split) split",
      rows: images.labelNames.indices.map { label in
        .init(images.labelNames[label], images.indices(ofLabel: label).prefix(10).map(picture))
      },
      scale: 2, footnotes: [])
    for kind in ["png", "svg"] { try sheet.drawing.write(to: "\(folder)/dataset.\(kind)") }
  }
}
