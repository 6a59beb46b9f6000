import Classifier
import Datasets
import Eval
import Files

/// The classifiers that come with Assay as judges; one judge alone can be fooled. The first is the strongest,
/// and what only one judge is asked is asked of it.
public enum ReferenceJudges {
  /// Their architectures, the strongest first.
  public static let architectures: [ClassifierArchitecture] = [.resnet, .conv, .dense]

  /// Their names, in the same order.
  public static let names = architectures.map(\.rawValue)

  /// The classifiers as judges of images like these, in the order of `sources`.
  ///
  /// - Parameters:
  ///   - sources: other classifiers to judge instead: names, files or folders (``ClassifierSource``).
  ///   - images: what is to be judged.
  ///   - observer: hears of labels that a judge and the data call by different names.
  /// - Throws: `FileError` for what is no classifier, one of images of another size or number of labels, or
  ///   one of a name that an earlier one has.
  public static func all(
    _ sources: [String] = names, for images: LabeledImages, observer: Observer = Observer()
  ) throws(FileError) -> [Judge] {
    var judges: [Judge] = []
    for source in sources {
      let classifier = try ClassifierSource.load(source, for: images, observer: observer)
      guard !judges.contains(where: { $0.name == classifier.name }) else {
        throw .malformed(
          path: source, expected: "judges of different names", found: "another \(classifier.name)")
      }
      judges.append(Judge(classifier, sha256: classifier.weightsSHA256))
    }
    return judges
  }

  /// What a result names them by: the version of the shipped ones, or their names and weights.
  public static func version(of judges: [Judge]) -> String {
    if judges.map(\.sha256) == architectures.map({ ReferenceWeights.sha256[$0] }) {
      return ReferenceWeights.version
    }
    return judges.map { "\($0.name) \($0.sha256.prefix(12))" }.joined(separator: ", ")
  }
}
