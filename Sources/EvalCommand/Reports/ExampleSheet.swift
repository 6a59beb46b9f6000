import Adversary
import Autograd
import Classifier
import Datasets
import Figures
import Files
import Network

/// Single images with what the classifier makes of them, before and after noise, and the noise between them.
struct ExampleSheet {
  private let classifier: NeuralClassifier
  private let sweep: EpsilonSweep
  private let epsilon: Double
  private let attack: AttackOptions

  /// Of the noise, which would hardly be seen as it is.
  private static let magnification: Float = 10

  init(_ classifier: NeuralClassifier, _ sweep: EpsilonSweep, epsilon: Double, attack: AttackOptions) {
    self.classifier = classifier
    self.sweep = sweep
    self.epsilon = epsilon
    self.attack = attack
  }

  func write(_ images: LabeledImages, to folder: String, name: String = "examples") throws {
    let indices = Array(0..<images.count)
    let (clean, labels) = (images.tensor(indices), images.labels(indices))
    var views = [views(of: clean, labels, title: "clean")]
    if epsilon > 0 {
      let attacked = sweep.images(
        against: classifier, clean, labels: labels,
        epsilon: attack.unitEpsilon(epsilon, sweep.attack.norm))
      // Grey where nothing changed.
      let noise = ((attacked - clean) * Self.magnification + 0.5).elements.map { min(max($0, 0), 1) }
      views.append(
        bitmaps(Tensor(noise, shape: clean.shape)).map {
          .init(
            image: $0, captions: ["noise × \(Int(Self.magnification))", "grey: no change"], probabilities: [])
        })
      views.append(
        self.views(
          of: attacked, labels, title: "after \(sweep.attack.name), ε = \(Text.short(epsilon))"))
    }
    let sheet = PredictionSheet(
      title: "Predictions of \(classifier.name)",
      subtitle: epsilon == 0
        ? "clean images"
        : "\(sweep.attack.name), \(sweep.region.rawValue), \(attack.pixelRange.unit(sweep.attack.norm))",
      labels: images.labelNames,
      panels: indices.map { index in
        .init(views.map { $0[index] }, trueLabel: labels[index])
      },
      columns: views.count == 1 ? 2 : 1, footnotes: [])
    for kind in ["svg", "png"] { try sheet.drawing.write(to: "\(folder)/\(name).\(kind)") }
  }

  private func views(of images: Tensor, _ labels: [Int], title: String) -> [PredictionSheet.View] {
    let probabilities = classifier.logits(images).softmax().elements.map(Double.init)
    let classes = classifier.labelNames.count
    let names = classifier.labelNames
    return zip(labels.indices, bitmaps(images)).map { index, image in
      let mine = Array(probabilities[index * classes..<(index + 1) * classes])
      let predicted = mine.indices.reduce(0) { mine[$1] > mine[$0] ? $1 : $0 }
      return .init(
        image: image,
        captions: [
          title, "true: \(names[labels[index]])",
          "predicted: \(names[predicted]) \(Text.percent(mine[predicted], digits: 0))",
        ],
        probabilities: mine)
    }
  }

  private func bitmaps(_ images: Tensor) -> [Bitmap] {
    let shape = classifier.imageShape
    let (size, pixels) = (shape.product, images.elements)
    return (0..<images.shape[0]).map { index in
      Bitmap(
        width: shape[1], height: shape[0], channels: shape[2],
        values: Array(pixels[index * size..<(index + 1) * size]))
    }
  }
}
