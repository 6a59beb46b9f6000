import Autograd
import Datasets

extension ImageClassifier {
  /// The predicted label of every image, in order.
  public func predictions(on images: LabeledImages, batchSize: Int = 500) -> [Int] {
    images.batches(of: batchSize).flatMap { predictions(images.tensor($0)) }
  }

  /// How many images get their own label.
  public func correctCount(on images: LabeledImages) -> Int {
    zip(predictions(on: images), images.labels).reduce(0) { $0 + ($1.0 == Int($1.1) ? 1 : 0) }
  }
}
