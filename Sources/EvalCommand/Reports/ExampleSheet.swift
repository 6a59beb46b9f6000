import Adversary
import Autograd
import Classifier
import Datasets
import Figures
import Network

/// Single images with what the classifier makes of them, before and after noise.
struct ExampleSheet {
  private let classifier: NeuralClassifier
  private let sweep: EpsilonSweep
  private let epsilon: Double
  private let attack: AttackOptions

  init(_ classifier: NeuralClassifier, _ sweep: EpsilonSweep, epsilon: Double, attack: AttackOptions) {
    self.classifier = classifier
    self.sweep = sweep
    self.epsilon = epsilon
    self.attack = attack
  }

  func write(_ images: LabeledImages, to folder: String, name: String = "examples") throws {
    let indices = Array(0..<images.count)
    let (clean, labels) = (images.tensor(indices), images.labels(indices))
    let before = views(of: clean, labels, title: "clean")
    let after =
      epsilon == 0
      ? []
      : views(
        of: sweep.images(
          against: classifier, clean, labels: labels,
          epsilon: attack.unitEpsilon(epsilon, sweep.attack.norm)),
        labels,
        title: "after \(sweep.attack.name), ε = \(Text.short(epsilon))")
    let sheet = PredictionSheet(
      title: "Predictions of \(classifier.name)",
      subtitle: epsilon == 0
        ? "clean images"
        : "\(sweep.attack.name), \(sweep.region.rawValue), \(attack.pixelRange.unit(sweep.attack.norm))",
      labels: images.labelNames,
      panels: indices.map { index in
        .init([before[index]] + (after.isEmpty ? [] : [after[index]]), trueLabel: labels[index])
      },
      columns: after.isEmpty ? 2 : 1, footnotes: [])
    for kind in ["svg", "png"] { try sheet.drawing.write(to: "\(folder)/\(name).\(kind)") }
  }

  private func views(of images: Tensor, _ labels: [Int], title: String) -> [PredictionSheet.View] {
    let probabilities = classifier.logits(images).softmax().elements.map(Double.init)
    let classes = classifier.labelNames.count
    let size = classifier.imageShape
    let pixels = images.elements
    return labels.enumerated().map { index, label in
      let mine = Array(probabilities[index * classes..<(index + 1) * classes])
      let predicted = mine.indices.reduce(0) { mine[$1] > mine[$0] ? $1 : $0 }
      let values = Array(pixels[index * size.product..<(index + 1) * size.product])
      let names = classifier.labelNames
      return .init(
        image: Bitmap(width: size[1], height: size[0], channels: size[2], values: values),
        captions: [
          title, "true: \(names[label])",
          "predicted: \(names[predicted]) \(Text.percent(mine[predicted], digits: 0))",
        ],
        probabilities: mine)
    }
  }
}
