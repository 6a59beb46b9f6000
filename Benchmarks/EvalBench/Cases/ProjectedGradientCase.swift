// PGD with 40 steps on the 10,000 test images: 40 gradients an image and one more prediction.
//
// Every image takes every step, fooled or not, and keeps its iterate of the highest loss: what a defended
// classifier costs, whatever its weights. Those are fresh here.

import Adversary
import Classifier
import Datasets
import Kernels
import Network

extension BenchmarkCase {
  static func projectedGradient(_ name: String, _ architecture: ClassifierArchitecture) -> BenchmarkCase {
    let (attack, batchSize) = (ProjectedGradient.pgd, 500)
    let count = OperationCount(architecture)
    return BenchmarkCase(
      name: name, summary: "PGD, \(attack.settings), 10,000 images, batches of \(batchSize)",
      operations: 10_000 * (Double(attack.steps) * count.inputGradient + count.forward)
    ) { images in
      let images = try images.images(.test)
      let classifier = NeuralClassifier(architecture, freshFor: images)
      func run(_ images: LabeledImages) {
        for batch in images.batches(of: batchSize) {
          let task = AttackTask(
            classifier, images: images.tensor(batch), labels: images.labels(batch),
            keys: batch.map { Key(seed: 0).derived($0) }, stopsAtSuccess: false)
          if case .images(let attacked) = attack.perturbation(task) { _ = attacked(0.1) }
        }
      }
      let few = images.prefix(batchSize)
      return Work(warmUp: { run(few) }, run: { run(images) })
    }
  }
}
