import Classifier
import Datasets
import Eval

/// The classifiers that come with Assay as judges; one judge alone can be fooled.
public enum ReferenceJudges {
  public static let architectures: [ClassifierArchitecture] = [.conv, .dense]

  /// - Parameters:
  ///   - images: what is to be judged.
  ///   - observer: hears of labels that a judge and the data call by different names.
  /// - Throws: `FileError.malformed` for images of another size or number of labels than those that the
  ///   judges know.
  public static func all(for images: LabeledImages, observer: Observer = Observer()) throws -> [Judge] {
    try architectures.map { architecture in
      let classifier = try ClassifierSource.load(architecture.rawValue, for: images, observer: observer)
      return Judge(classifier, sha256: classifier.weightsSHA256)
    }
  }
}
