import ArgumentParser
import Classifier
import Datasets
import Experiments

/// A classifier by name, by file, or by the folder of its training.
enum ClassifierArgument {
  private static let text =
    "A reference classifier (\(ClassifierSource.referenceNames.joined(separator: ", "))), a file of "
    + "weights, or the folder of its training."
  static let singleHelp = ArgumentHelp(stringLiteral: text)
  static let help = ArgumentHelp(stringLiteral: text + " Repeatable.")

  /// Loads `argument` and checks that it fits the images.
  static func load(_ argument: String, for images: LabeledImages) throws -> NeuralClassifier {
    try ClassifierSource.load(argument, for: images, observer: Console.observer())
  }
}
