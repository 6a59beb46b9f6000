import Classifier
import Datasets
import Files
import FoundationEssentials
import Network
import ONNX

/// A classifier by name, by file (weights of our own, or a network as ONNX), or by the folder of its
/// training.
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

  /// Loads a reference classifier (`conv`, `dense`, `resnet`), a file of weights, a training's folder or an
  /// ONNX file, and checks that it fits the images.
  ///
  /// - Parameters:
  ///   - images: what it shall classify. One from elsewhere is tried on some of them.
  ///   - reading: what is to be known of a classifier from elsewhere.
  ///   - observer: hears of labels that the classifier and the data call by different names, and of what was
  ///     done to a foreign network.
  /// - Throws: `FileError` where there is none, or it is one of other images, of another number of labels, or
  ///   at chance level.
  public static func load(
    _ source: String, for images: LabeledImages, reading: ClassifierReading = ClassifierReading(),
    observer: Observer = Observer()
  ) throws(FileError) -> any StoredClassifier {
    let classifier: any StoredClassifier
    if let file = foreignFile(source) {
      let foreign = try reading.classifier(file, name: name(source), for: images)
      for note in foreign.notes { observer.note(note) }
      classifier = foreign
    } else if let architecture = reading.architecture, !referenceNames.contains(source) {
      classifier = try reading.classifier(source, name: name(source), of: architecture, for: images)
    } else {
      classifier = try load(source)
    }
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
    if classifier is ForeignClassifier || reading.architecture != nil {
      try ClassifierTrial(classifier, on: images).check(
        path: source, acceptsChance: reading.acceptsChance, observer)
    }
    return classifier
  }

  /// Loads a classifier of our own architectures, of whatever images.
  ///
  /// - Throws: `FileError` where there is none.
  public static func load(_ source: String) throws(FileError) -> NeuralClassifier {
    if let reference = ReferenceWeights.architectures.first(where: { $0.rawValue == source }) {
      return try ReferenceWeights.classifier(reference)
    }
    let path = weights(source)
    try AtomicFile.checkIsFile(
      path,
      remedy:
        "expected \(referenceNames.joined(separator: ", ")), a file of weights, an ONNX file, or the folder of a "
        + "classifier's training")
    return try NeuralClassifier(contentsOf: path, name: name(source))
  }

  /// The file of a network from elsewhere, by its name's ending: ONNX, or one that is refused with the lines
  /// that make it ONNX.
  private static func foreignFile(_ source: String) -> String? {
    ForeignClassifier.pathExtensions.contains(source.pathExtension.lowercased()) ? source : nil
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
    (classifier as? any StoredClassifier)?.weightsSHA256 ?? ""
  }

  /// That, or the name of a classifier that was not read from a file.
  static func key(_ classifier: any ImageClassifier) -> String {
    let sha256 = sha256(classifier)
    return sha256.isEmpty ? classifier.name : sha256
  }
}
