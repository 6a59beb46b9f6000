// An attack on the first test images of a reference classifier, everywhere, at ε = 0.1 of [0, 1].
//
// The weights matter: an image that is fooled is finished.

import Adversary
import Classifier
import Datasets
import Kernels
import Network

extension BenchmarkCase {
  static func attack(
    _ name: String, _ attack: any Attack, on architecture: ClassifierArchitecture, images count: Int
  ) -> BenchmarkCase {
    BenchmarkCase(
      name: name, summary: "\(attack.name) on \(count) images, ε 0.1 everywhere", operations: 0
    ) { images in
      let images = try images.images(.test).prefix(count)
      let classifier = try ReferenceWeights.classifier(architecture)
      let sweep = EpsilonSweep(attack, region: .everywhere, epsilons: [0.1], key: Key(seed: 0))
      return Work(
        warmUp: { _ = classifier.predictions(on: images) },
        run: { _ = try sweep.predictions(of: classifier, on: images) })
    }
  }
}
