import Classifier
import Datasets
import Files
import FoundationEssentials
import Network

/// A classifier by name, by file, or by the folder of its training.
public enum ClassifierSource {
  /// What a training calls its weights.
  private static let fileName = "classifier.safetensors"

  /// The names of the classifiers that ship with the package.
  public static let referenceNames = ReferenceWeights.architectures.map(\.rawValue)

  /// What reports call it: the file's name, or the folder's where the file has the name that a training gives
  /// to every one.
  public static func name(_ source: String) -> String {
    let file = URL(fileURLWithPath: weights(source)).standardizedFileURL
    let name = file.deletingPathExtension().lastPathComponent
    return name == "classifier" ? file.deletingLastPathComponent().lastPathComponent : name
  }

  /// Loads a reference classifier (`conv`, `dense`, `resnet`), a file of weights or a training's folder, and
  /// checks that it fits the images.
  ///
  /// - Parameters:
  ///   - source: one of ``referenceNames``, or a path.
  ///   - images: those that it shall classify; their shape and their labels count.
  ///   - observer: hears of labels that the classifier and the data call by different names.
  /// - Throws: `FileError` where there is none, or it is one of other images or of another number of
  ///   labels.
  public static func load(
    _ source: String, for images: LabeledImages, observer: Observer = Observer()
  ) throws(FileError) -> NeuralClassifier {
    let classifier = try load(source)
    let shape = [images.height, images.width, images.channels]
    guard classifier.imageShape == shape else {
      throw FileError.malformed(
        path: source, expected: "a classifier of images \(shape)", found: "one of \(classifier.imageShape)")
    }
    guard classifier.labelNames.count == images.labelNames.count else {
      throw FileError.malformed(
        path: source, expected: "a classifier of \(images.labelNames.count) labels",
        found: "one of \(classifier.labelNames.count)")
    }
    if let note = LabelNote.text(classifier, on: images) { observer.note(note) }
    return classifier
  }

  /// Loads a classifier of whatever images.
  ///
  /// - Throws: `FileError` where there is none.
  public static func load(_ source: String) throws(FileError) -> NeuralClassifier {
    if let reference = ReferenceWeights.architectures.first(where: { $0.rawValue == source }) {
      return try ReferenceWeights.classifier(reference)
    }
    let path = weights(source)
    try AtomicFile.checkIsFile(
      path,
      remedy: "expected \(referenceNames.joined(separator: ", ")), a file of weights, or the folder of a "
        + "classifier's training")
    return try NeuralClassifier(contentsOf: path, name: name(source))
  }

  /// The shipped classifiers that know these images and their labels; none for images of another shape or
  /// other labels.
  ///
  /// - Throws: `FileError` where the shipped weights are missing or were changed.
  public static func references(for images: LabeledImages) throws(FileError) -> [NeuralClassifier] {
    var found: [NeuralClassifier] = []
    for architecture in ReferenceWeights.architectures {
      let classifier = try ReferenceWeights.classifier(architecture)
      if classifier.imageShape == Array(images.shape.dropFirst()),
        classifier.labelNames == images.labelNames
      {
        found.append(classifier)
      }
    }
    return found
  }

  private static func weights(_ source: String) -> String { RunFolder.weights(source, fileName) }
}

/// What tells two classifiers' weights apart.
enum ClassifierIdentity {
  /// SHA-256 of the file that the weights came from; empty for a classifier that was not read from one.
  static func sha256(_ classifier: any ImageClassifier) -> String {
    (classifier as? NeuralClassifier)?.weightsSHA256 ?? ""
  }

  /// That, or the name of a classifier that was not read from a file.
  static func key(_ classifier: any ImageClassifier) -> String {
    let sha256 = sha256(classifier)
    return sha256.isEmpty ? classifier.name : sha256
  }
}
