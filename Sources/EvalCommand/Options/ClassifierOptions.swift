import ArgumentParser
import Classifier
import Datasets
import Files
import Foundation

/// A classifier by name, by file, or by the folder of its training.
enum ClassifierArgument {
  private static let text =
    "A reference classifier (\(ReferenceWeights.architectures.map(\.rawValue).joined(separator: ", "))), a file of "
    + "weights, or the folder of its training."
  static let singleHelp = ArgumentHelp(stringLiteral: text)
  static let help = ArgumentHelp(stringLiteral: text + " Repeatable.")

  /// What reports call it: the file's name, or the folder's where the file has the name that a training gives to every one.
  static func name(_ argument: String) -> String {
    let file = URL(fileURLWithPath: RunFolder.weights(argument, "classifier.safetensors")).standardizedFileURL
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
      let path = RunFolder.weights(argument, "classifier.safetensors")
      try AtomicFile.checkIsFile(
        path, remedy: "expected \(known), a file of weights, or the folder of a classifier's training")
      classifier = try NeuralClassifier(contentsOf: path, name: name(argument))
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
    LabelNote.show(classifier, on: images)
    return classifier
  }
}
