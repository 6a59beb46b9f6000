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
  /// - Throws: `FileError.malformed(path:expected:found:)` with the classifier's name and the number of
  ///   images with a logit that is no finite number.
  public func checkedPredictions(
    on images: LabeledImages, batchSize: Int = 500
  ) throws(FileError) -> [Int] {
    var (predictions, unfit): ([Int], Int) = ([], 0)
    for batch in images.batches(of: batchSize) {
      let logits = logits(images.tensor(batch))
      predictions += logits.largestPerRow()
      unfit += logits.unfitRows
    }
    try check(unfit: unfit, of: images.count, "images")
    return predictions
  }

  /// The same of images `[N, H, W, C]` that an attack has made.
  ///
  /// - Throws: `FileError.malformed(path:expected:found:)`, as for a set.
  public func checkedPredictions(ofAttacked images: Tensor) throws(FileError) -> [Int] {
    let logits = logits(images)
    try check(unfit: logits.unfitRows, of: images.shape[0], "attacked images")
    return logits.largestPerRow()
  }

  private func check(unfit: Int, of count: Int, _ images: String) throws(FileError) {
    guard unfit == 0 else {
      throw .malformed(
        path: name, expected: "logits that are finite numbers",
        found: "others for \(unfit) of \(count) \(images)")
    }
  }

  /// How many images get their own label.
  public func correctCount(on images: LabeledImages) -> Int {
    zip(predictions(on: images), images.labels).reduce(0) { $0 + ($1.0 == Int($1.1) ? 1 : 0) }
  }
}

extension Tensor {
  /// How many rows `[N, labels]` hold something else than finite numbers.
  fileprivate var unfitRows: Int {
    let columns = shape[1]
    return withElements { elements in
      (0..<shape[0]).count { row in
        !elements[row * columns..<(row + 1) * columns].allSatisfy(\.isFinite)
      }
    }
  }
}
