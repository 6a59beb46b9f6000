import Datasets
import Files
import Network

/// What a reader must know where a classifier and the data call the labels by different names: every number
/// that follows compares label with label by their place alone.
package enum LabelNote {
  /// A sentence; nil where the names are the same.
  package static func text(_ classifier: any ImageClassifier, on images: LabeledImages) -> String? {
    let (name, labels, data) = (classifier.name.visible(limit: 60), classifier.labelNames, images.labelNames)
    guard let index = zip(labels, data).enumerated().first(where: { $1.0 != $1.1 })?.offset else {
      return nil
    }
    let difference =
      "label \(index) is \"\(labels[index].visible(limit: 60))\" to the classifier, "
      + "\"\(data[index].visible(limit: 60))\" in the data"
    return Set(labels) == Set(data)
      ? "\(name): the labels of the data in another order: \(difference)"
      : "\(name): other labels than those of the data: \(difference)"
  }
}
