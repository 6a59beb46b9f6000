// The judges' work: a Fréchet distance from features, a whole score, and the nearest training images.

import Classifier
import Datasets
import Eval
import Kernels

extension BenchmarkCase {
  /// Moments of both sets and their distance, from features in memory: like activations, with columns that
  /// depend on each other.
  static func frechetDistance(_ name: String, count: Int, dimension: Int) -> BenchmarkCase {
    BenchmarkCase(
      name: name, summary: "Fréchet distance, \(count) against \(count) features of \(dimension)",
      operations: 0
    ) { _ in
      func features(_ seed: UInt64) -> Matrix {
        let key = Key(seed: seed)
        return Matrix(
          rows: count, columns: dimension,
          (0..<count * dimension).map { index in
            let word = key.word(index)
            return max(0, Double(word & 0xFFFF) + Double(word >> 16 & 0xFFFF) - 60000) / 65536
          })
      }
      let (a, b) = (features(1), features(2))
      return Work(
        warmUp: {},
        run: { _ = try FrechetDistance.between(FeatureMoments(a), FeatureMoments(b)) })
    }
  }

  /// Every figure of 10,000 images, by the three judges; what is known of the real images is known.
  static func score(_ name: String) -> BenchmarkCase {
    BenchmarkCase(name: name, summary: "every figure of 10,000 images, three judges", operations: 0) {
      images in
      let (heldOut, training) = (try images.images(.test), try images.images(.train))
      let judges = try ReferenceWeights.architectures.map { architecture in
        let classifier = try ReferenceWeights.classifier(architecture)
        return Judge(classifier, sha256: classifier.weightsSHA256)
      }
      let panel = JudgePanel(judges, heldOut: heldOut, training: training)
      let (statistics, neighbors) = (try panel.statistics(count: 10_000), panel.neighbors())
      let sample = training.balancedSample(10_000)
      return Work(
        warmUp: {},
        run: { _ = try panel.score(sample.pixels, labels: sample.labels, statistics, neighbors) })
    }
  }

  /// Each training image's nearest other one, pixel by pixel.
  static func nearestImages(_ name: String) -> BenchmarkCase {
    BenchmarkCase(
      name: name, summary: "nearest neighbours, 60,000 against 60,000 images",
      operations: 2 * 60_000 * 60_000 * 784
    ) { images in
      let training = try images.images(.train)
      return Work(
        warmUp: {},
        run: {
          _ = NearestImages(
            of: training.pixels[...], in: training.pixels, size: training.valuesPerImage, own: 0)
        })
    }
  }
}
