import Datasets
import Experiments
import Figures
import Files
import Network
import Pictures

/// Single images with what the classifier makes of them, before and after noise, and the noise between them.
public struct ExampleSheet {
  private let examples: AttackExamples

  /// Of the noise, which would hardly be seen as it is.
  private static let magnification: Float = 10

  /// A sheet of examples that were classified already; without an attack it shows clean images alone.
  public init(_ examples: AttackExamples) { self.examples = examples }

  /// Writes the sheet as SVG and PNG.
  ///
  /// - Parameters:
  ///   - folder: created where it is missing.
  ///   - name: of the files, without their ending.
  /// - Throws: `FileError/unwritable(path:reason:)`.
  public func write(to folder: String, name: String = "examples") throws {
    var views = [views(of: examples.clean, title: "clean")]
    if let attacked = examples.attacked {
      views.append(
        zip(examples.clean.images, attacked.images).map { clean, attacked in
          // Grey where nothing changed.
          let noise = zip(attacked, clean).map { min(max(($0 - $1) * Self.magnification + 0.5, 0), 1) }
          return .init(
            image: bitmap(noise), captions: ["noise × \(Int(Self.magnification))", "grey: no change"],
            probabilities: [])
        })
      views.append(
        self.views(
          of: attacked, title: "after \(examples.attack), ε = \(Text.short(examples.epsilon))"))
    }
    let sheet = PredictionSheet(
      title: "Predictions of \(examples.classifier)",
      subtitle: examples.attacked == nil
        ? "clean images" : "\(examples.attack), \(examples.region.title), \(examples.unit)",
      labels: examples.dataLabels,
      panels: examples.labels.indices.map { index in
        .init(views.map { $0[index] }, trueLabel: examples.labels[index])
      },
      columns: views.count == 1 ? 2 : 1, footnotes: [])
    for kind in ["svg", "png"] { try sheet.drawing.write(to: "\(folder)/\(name).\(kind)") }
  }

  private func views(of view: AttackExamples.View, title: String) -> [PredictionSheet.View] {
    let names = examples.classifierLabels
    return examples.labels.indices.map { index in
      let mine = view.probabilities[index]
      let predicted = mine.indices.reduce(0) { mine[$1] > mine[$0] ? $1 : $0 }
      return .init(
        image: bitmap(view.images[index]),
        captions: [
          title, "true: \(names[examples.labels[index]])",
          "predicted: \(names[predicted]) \(Text.percent(mine[predicted], digits: 0))",
        ],
        probabilities: mine)
    }
  }

  private func bitmap(_ values: [Float]) -> Bitmap {
    let shape = examples.imageShape
    return Bitmap(width: shape[1], height: shape[0], channels: shape[2], values: values)
  }
}
