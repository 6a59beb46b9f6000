import Datasets
import Eval
import Files
import FoundationEssentials
import Kernels
import Network

/// What images are, for results and for parts of the work on them.
extension DatasetReference {
  package init(_ images: LabeledImages) {
    self.init(
      name: images.name, split: images.split.rawValue, count: images.count, sha256: images.sha256)
  }
}

extension LabeledImages {
  /// What the values of an experiment on these images follow from, by name: for `Cluster/Division`.
  func inputs(_ classifiers: [any ImageClassifier] = [], _ regions: [FreePixels] = []) -> [String: String] {
    var inputs = ["instructions": Processor.Code.compiled.rawValue, "images": digest, "number": "\(count)"]
    // Several may have one name: that of a folder, or of a shipped network.
    for (place, classifier) in classifiers.enumerated() {
      inputs["weights of \(classifier.name), classifier \(place + 1)"] = ClassifierIdentity.sha256(classifier)
    }
    for mask in regions.compactMap(\.ownMask) { inputs["mask"] = mask.sha256 }
    return inputs
  }

  /// Of the file that they came from, or of their pixels where there was none.
  var digest: String { sha256.isEmpty ? SHA256.hex(of: Data(pixels)) : sha256 }
}
