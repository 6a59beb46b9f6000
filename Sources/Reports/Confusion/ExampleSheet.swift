import Datasets
import Experiments
import Figures
import Files
import Network
import Pictures

/// Single images with what the classifier makes of them, before and after noise, and the noise between them.
public struct ExampleSheet {
  private let examples: AttackExamples

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
        examples.labels.indices.map { index in
          .init(
            image: examples.bitmap(examples.noise(at: index)),
            captions: ["noise × \(AttackExamples.magnification)", "grey: no change"],
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
      let predicted = view.prediction(at: index)
      return .init(
        image: examples.bitmap(view.images[index]),
        captions: [
          title, "true: \(names[examples.labels[index]])",
          "predicted: \(names[predicted]) \(Text.percent(mine[predicted], digits: 0))",
        ],
        probabilities: mine)
    }
  }
}

extension AttackExamples {
  /// Pixels in [0, 1] of one of the images, as a picture.
  package func bitmap(_ values: [Float]) -> Bitmap {
    Bitmap(width: imageShape[1], height: imageShape[0], channels: imageShape[2], values: values)
  }
}
