import Classifier
import Datasets
import Eval
import Files
import FoundationEssentials
import Network

/// A judge of images that no shipped classifier knows: `conv`, trained on the real training images.
///
/// Its weights are kept beside what is known of the real images, in a file for each training set; the same
/// images give the same judge. It knows only what it was taught: look at its accuracy before its distances.
public enum TrainedJudge {
  /// Passes over the training images: fewer than the reference recipe's 75, for sets of some thousands.
  private static let epochs = 30
  private static let format = "assay/trained-judge/1"

  /// The judge of these images: from the cache, or else trained now, which takes minutes.
  ///
  /// - Parameters:
  ///   - heldOut: real images that its accuracy is measured on; it does not learn from them.
  ///   - training: real images that it learns from.
  ///   - folder: where weights are kept; nil for the user's cache.
  ///   - observer: hears of the training, and of the judge's accuracy.
  /// - Throws: `FileError.malformed` for images of fewer than two labels, or of different shapes;
  ///   `Classifier/ClassifierTrainer/Divergence`; what the observer throws.
  public static func of(
    heldOut: LabeledImages, training: LabeledImages, cache folder: String? = nil, observer: Observer = .init()
  ) throws -> Judge {
    guard training.labelNames.count >= 2 else {
      throw FileError.malformed(
        path: training.name, expected: "two labels or more, for a judge that tells them apart",
        found: "\(training.labelNames.count)")
    }
    guard training.shape.dropFirst() == heldOut.shape.dropFirst(), training.labelNames == heldOut.labelNames
    else {
      throw FileError.malformed(
        path: training.name, expected: "test images of \(Array(training.shape.dropFirst())), as for training",
        found: "\(Array(heldOut.shape.dropFirst()))")
    }
    let identity = [format, "\(epochs)", training.sha256, "\(training.count)"] + training.labelNames
    let key = SHA256.hex(of: Data(identity.joined(separator: "\n").utf8)).prefix(16)
    let cache = folder ?? DatasetLocator().cacheFolder(for: Dataset(name: "judge"))
    let path = "\(cache)/conv-\(key).safetensors"
    if FileManager.default.fileExists(atPath: path) {
      do {
        return try judge(path, for: heldOut)
      } catch {
        observer.note("\(error); it is trained anew")
      }
    }
    try train(on: training, testedOn: heldOut, path: path, observer)
    return try judge(path, for: heldOut)
  }

  private static func train(
    on training: LabeledImages, testedOn heldOut: LabeledImages, path: String, _ observer: Observer
  ) throws {
    var recipe = ClassifierRecipe.reference(.conv)
    recipe.epochs = epochs
    let trainer = ClassifierTrainer(recipe, on: training, testedOn: heldOut)
    let total = epochs * training.count
    while !trainer.isComplete {
      try observer.progress(
        WorkProgress(
          "training a judge", trainer.history.count * training.count + trainer.imagesDone, of: total,
          unit: "images"))
      try trainer.step()
    }
    try observer.progress(WorkProgress("training a judge", total, of: total, unit: "images"))
    let accuracy = trainer.history.last?.testAccuracy ?? 0
    observer.note(
      "a judge was trained on \(training.count) images of \(training.name): it is right for "
        + "\(Text.percent(accuracy)) of \(heldOut.count) others")
    try AtomicFile.createFolder(path.deletingLastPathComponent)
    try trainer.classifier.file(manifest: format).write(to: path)
  }

  private static func judge(_ path: String, for images: LabeledImages) throws(FileError) -> Judge {
    let classifier = try NeuralClassifier(contentsOf: path)
    guard classifier.imageShape == Array(images.shape.dropFirst()), classifier.labelNames == images.labelNames
    else {
      throw .malformed(
        path: path, expected: "a judge of \(images.name)", found: "one of images \(classifier.imageShape)")
    }
    return Judge(classifier, sha256: classifier.weightsSHA256)
  }
}
