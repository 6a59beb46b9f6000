import Datasets
import Eval
import Files
import Kernels
import Network

/// Whether a classifier from elsewhere knows the images at all: where it does not, what its pixels should
/// look like is the mistake met most often.
package struct ClassifierTrial {
  /// Images that are looked at.
  private static let count = 500
  /// What to say of the remedy, in words of the library.
  package static let remedy = "a classifier that knows these images: check its preprocessing and its labels"

  private let name: String
  private let correct, count, labels: Int

  /// Classifies up to 500 images.
  init(_ classifier: any ImageClassifier, on images: LabeledImages) throws(FileError) {
    let part = images.prefix(Self.count)
    name = classifier.name
    correct = zip(try classifier.checkedPredictions(on: part), part.labels).count { $0 == Int($1) }
    (count, labels) = (part.count, images.labelNames.count)
  }

  /// Warns of an accuracy below one half.
  ///
  /// - Throws: `FileError` at chance level: where 1 / labels is not below the accuracy's 95 % interval. Of
  ///   fewer than 20 images nothing can be said.
  func check(path: String, acceptsChance: Bool, _ observer: Observer) throws(FileError) {
    let accuracy = Proportion(correct: correct, count: count)
    let found = "\(Text.percent(accuracy.value)) of \(count) images right"
    if count >= 20, accuracy.interval.lowerBound <= 1 / Double(labels), !acceptsChance {
      throw .malformed(path: path, expected: Self.remedy, found: "\(found), which is chance")
    }
    if accuracy.value < 0.5 { observer.warning("\(name): only \(found); expected \(Self.remedy)") }
  }
}
