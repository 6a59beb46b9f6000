import Classifier
import Datasets
import Files

/// What a reader must know where a classifier and the data call the labels by different names: every number that follows
/// compares label with label by their place alone.
enum LabelNote {
  /// A sentence; nil where the names are the same.
  static func text(_ name: String, _ labels: [String], data: [String]) -> String? {
    guard let index = zip(labels, data).enumerated().first(where: { $1.0 != $1.1 })?.offset else {
      return nil
    }
    let difference =
      "label \(index) is \"\(labels[index].visible(limit: 60))\" to the classifier, "
      + "\"\(data[index].visible(limit: 60))\" in the data"
    return Set(labels) == Set(data)
      ? "\(name.visible(limit: 60)): the labels of the data in another order: \(difference)"
      : "\(name.visible(limit: 60)): other labels than those of the data: \(difference)"
  }

  static func show(_ classifier: NeuralClassifier, on images: LabeledImages) {
    if let text = text(classifier.name, classifier.labelNames, data: images.labelNames) {
      Console.error("eval: note: \(text)")
    }
  }
}
