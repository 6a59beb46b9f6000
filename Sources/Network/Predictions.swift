import Autograd
import Datasets
import Files

extension ImageClassifier {
  /// The predicted label of every image, in order.
  public func predictions(on images: LabeledImages, batchSize: Int = 500) -> [Int] {
    images.batches(of: batchSize).flatMap { predictions(images.tensor($0)) }
  }

  /// The same of a classifier from outside: an overflow in it would give labels by accident.
  ///
  /// - Throws: ``FileError/malformed(path:expected:found:)`` with the classifier's name and the number of
  ///   images with a logit that is no finite number.
  public func checkedPredictions(
    on images: LabeledImages, batchSize: Int = 500
  ) throws(FileError) -> [Int] {
    var (predictions, unfit): ([Int], Int) = ([], 0)
    for batch in images.batches(of: batchSize) {
      let logits = logits(images.tensor(batch))
      predictions += logits.largestPerRow()
      let columns = logits.shape[1]
      unfit += logits.withElements { elements in
        batch.indices.count { row in
          !(row * columns..<(row + 1) * columns).allSatisfy { elements[$0].isFinite }
        }
      }
    }
    guard unfit == 0 else {
      throw .malformed(
        path: name, expected: "logits that are finite numbers",
        found: "others for \(unfit) of \(images.count) images")
    }
    return predictions
  }

  /// How many images get their own label.
  public func correctCount(on images: LabeledImages) -> Int {
    zip(predictions(on: images), images.labels).reduce(0) { $0 + ($1.0 == Int($1.1) ? 1 : 0) }
  }
}
