// The predicted labels of the 60,000 training images, in batches of 500, from bytes to labels.

import Classifier
import Datasets
import Kernels
import Network

extension BenchmarkCase {
  static func inference(
    _ name: String, _ architecture: ClassifierArchitecture, _ precision: ProductPrecision = .float32
  ) -> BenchmarkCase {
    let batchSize = 500
    return BenchmarkCase(
      name: precision.suffixed(name), summary: "labels of 60,000 images, batches of \(batchSize)",
      operations: 60_000 * OperationCount(architecture).forward
    ) { images in
      let images = try images.images(.train)
      let classifier = NeuralClassifier(architecture, freshFor: images)
      let few = images.prefix(4 * batchSize)
      return Work(
        warmUp: { _ = precision { classifier.predictions(on: few, batchSize: batchSize) } },
        run: { _ = precision { classifier.predictions(on: images, batchSize: batchSize) } })
    }
  }
}
