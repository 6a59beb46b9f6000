import ArgumentParser
import Classifier
import Datasets
import Files
import Foundation

/// A classifier by name or by file.
enum ClassifierArgument {
  private static let text =
    "A reference classifier (\(ReferenceWeights.architectures.map(\.rawValue).joined(separator: ", "))) or a file "
    + "of weights."
  static let singleHelp = ArgumentHelp(stringLiteral: text)
  static let help = ArgumentHelp(stringLiteral: text + " Repeatable.")

  /// What reports call it: the file's name, or the folder's where the file has the name that a training gives to every one.
  static func name(_ argument: String) -> String {
    let file = URL(fileURLWithPath: argument)
    let name = file.deletingPathExtension().lastPathComponent
    return name == "classifier" ? file.deletingLastPathComponent().lastPathComponent : name
  }

  /// Loads `argument` and checks that it fits the images.
  static func load(_ argument: String, for images: LabeledImages) throws -> NeuralClassifier {
    let classifier: NeuralClassifier
    if let reference = ReferenceWeights.architectures.first(where: { $0.rawValue == argument }) {
      classifier = try ReferenceWeights.classifier(reference)
    } else {
      let known = ReferenceWeights.architectures.map(\.rawValue).joined(separator: ", ")
      try AtomicFile.checkIsFile(argument, remedy: "expected \(known), or a file of weights")
      classifier = try NeuralClassifier(contentsOf: argument, name: name(argument))
    }
    let shape = [images.height, images.width, images.channels]
    guard classifier.imageShape == shape else {
      throw FileError.malformed(
        path: argument, expected: "a classifier of images \(shape)", found: "one of \(classifier.imageShape)")
    }
    guard classifier.labelNames.count == images.labelNames.count else {
      throw FileError.malformed(
        path: argument, expected: "a classifier of \(images.labelNames.count) labels",
        found: "one of \(classifier.labelNames.count)")
    }
    return classifier
  }
}
