// Foreground FGSM over the source's grid of 17 ε, on the 10,000 test images: one gradient an image, then the
// predictions at every ε. At ε = 0 they come from the gradient's own forward pass.
//
// The weights are fresh: the time does not depend on them, the accuracies would mean nothing and are not
// kept.

import Adversary
import Classifier
import Datasets
import Kernels
import Network

extension BenchmarkCase {
  static func epsilonSweep(_ name: String, _ architecture: ClassifierArchitecture) -> BenchmarkCase {
    let sweep = EpsilonSweep(
      FGSM(), region: .foreground,
      // The source counts ε in the pixel range [-1, 1], the sweep in [0, 1].
      epsilons: PublishedCurve.epsilons.map { Float($0 / 2) }, batchSize: 500)
    let count = OperationCount(architecture)
    return BenchmarkCase(
      name: name, summary: "FGSM, \(sweep.epsilons.count) ε × 10,000 images, batches of \(sweep.batchSize)",
      operations: 10_000 * (count.inputGradient + Double(sweep.epsilons.count { $0 != 0 }) * count.forward)
    ) { images in
      let images = try images.images(.test)
      let classifier = NeuralClassifier(architecture, freshFor: images)
      let few = images.prefix(2 * sweep.batchSize)
      return Work(
        warmUp: { _ = try sweep.predictions(of: classifier, on: few) },
        run: { _ = try sweep.predictions(of: classifier, on: images) })
    }
  }
}

extension NeuralClassifier {
  /// A classifier with fresh weights for images of this form.
  convenience init(_ architecture: ClassifierArchitecture, freshFor images: LabeledImages) {
    self.init(
      architecture, imageShape: [images.height, images.width, images.channels], labelNames: images.labelNames,
      key: Key(seed: 1))
  }
}
