import Adversary
import Datasets
import Network

/// What a reader of accuracies under attack must know of a classifier without gradients.
package enum GradientWarning {
  /// Images that are looked at.
  private static let count = 200

  /// A sentence on the classifier that an attack is made on; nil where its gradients are there.
  package static func text(_ classifier: any ImageClassifier, on images: LabeledImages) -> String? {
    let part = images.prefix(Self.count)
    let indices = Array(0..<part.count)
    let found = VanishingGradients(
      of: classifier, on: part.tensor(indices), labels: part.labels(indices))
    guard found.isAny else { return nil }
    return
      "\(classifier.name): the gradient is exactly 0 for \(found.zero) and not a number for \(found.notFinite) of "
      + "\(found.count) images; that no attack fools them does not make them robust."
  }
}
