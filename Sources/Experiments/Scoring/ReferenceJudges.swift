import Classifier
import Datasets
import Eval
import Files
import Network
import ONNX

/// The classifiers that come with Assay as judges; one judge alone can be fooled. The first is the strongest,
/// and what only one judge is asked is asked of it.
public enum ReferenceJudges {
  /// Their architectures, the strongest first.
  public static let architectures: [ClassifierArchitecture] = [.resnet, .conv, .dense]

  /// Where they come from, in the same order.
  public static let sources = architectures.map { JudgeSource($0.rawValue) }

  /// The classifiers as judges of images like these, in the order of `sources`.
  ///
  /// - Parameters:
  ///   - sources: other classifiers to judge instead.
  ///   - images: what is to be judged.
  ///   - reading: what is to be known of networks from elsewhere.
  ///   - observer: hears of labels that a judge and the data call by different names.
  /// - Throws: `FileError` for what is no classifier, one of images of another size or number of labels, one
  ///   of a name that an earlier one has, or a network of which it is not known what its features are.
  public static func all(
    _ sources: [JudgeSource] = sources, for images: LabeledImages,
    reading: ClassifierReading = ClassifierReading(),
    observer: Observer = Observer()
  ) throws(FileError) -> [Judge] {
    var judges: [Judge] = []
    for source in sources {
      var reading = reading
      reading.features = source.features
      let classifier = try ClassifierSource.load(
        source.classifier, for: images, reading: reading, observer: observer)
      if let foreign = classifier as? ForeignClassifier {
        guard let count = foreign.featureCount, count <= mostFeatures else {
          throw .malformed(
            path: source.classifier,
            expected: "at most \(mostFeatures) features before the last dense layer, or \(remedy)",
            found: foreign.featureCount.map { "\($0)" } ?? "no dense layer")
        }
      }
      guard !judges.contains(where: { $0.name == classifier.name }) else {
        throw .malformed(
          path: source.classifier, expected: "judges of different names", found: "another \(classifier.name)")
      }
      judges.append(Judge(classifier, sha256: classifier.weightsSHA256))
    }
    return judges
  }

  /// As many as the largest network has that judges images elsewhere (Inception); the work grows with their
  /// cube.
  private static let mostFeatures = 2048

  /// What helps where the features are too many, or none are known.
  public static let remedy = "the features of a named node"

  /// What a result names them by: the version of the shipped ones, or their names and weights.
  public static func version(of judges: [Judge]) -> String {
    if judges.map(\.sha256) == architectures.map({ ReferenceWeights.sha256[$0] }) {
      return ReferenceWeights.version
    }
    return judges.map { "\($0.name) \($0.sha256.prefix(12))" }.joined(separator: ", ")
  }
}
