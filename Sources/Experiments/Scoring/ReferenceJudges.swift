import Classifier
import Datasets
import Eval
import Files

/// The classifiers that come with Assay as judges; one judge alone can be fooled.
public enum ReferenceJudges {
  public static let architectures: [ClassifierArchitecture] = [.conv, .dense]

  /// - Parameter images: what is to be judged.
  /// - Throws: `FileError.malformed` for images of another size or number of labels than those that the judges know.
  public static func all(for images: LabeledImages) throws -> [Judge] {
    try architectures.map { architecture in
      let classifier = try ReferenceWeights.classifier(architecture)
      let shape = [images.height, images.width, images.channels]
      guard classifier.imageShape == shape, classifier.labelNames.count == images.labelNames.count else {
        throw FileError.malformed(
          path: images.name,
          expected: "images \(classifier.imageShape) of \(classifier.labelNames.count) labels, which "
            + "\(classifier.name) knows", found: "\(shape) of \(images.labelNames.count)")
      }
      return Judge(classifier, sha256: classifier.weightsSHA256)
    }
  }
}
