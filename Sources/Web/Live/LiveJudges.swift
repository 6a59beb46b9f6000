import Autograd
import Classifier
import Eval
import Experiments
import Network

/// What the shipped classifiers take images for, and how sure they are.
struct LiveJudges {
  /// What one of them says of one image.
  struct Opinion: Sendable {
    let judge, label: String
    /// The probability that it gives to that label.
    let confidence: Double
  }

  private var classifiers: [NeuralClassifier]?

  /// One list an image, of the opinions of all; empty lists for images that they do not know: colour, or
  /// smaller than theirs.
  ///
  /// - Parameter images: `[N, H, W, C]`, pixels in [0, 1]; of larger ones the middle is looked at.
  mutating func opinions(_ images: Tensor) throws -> [[Opinion]] {
    let all = try loaded()
    guard let shape = all.first?.imageShape, images.shape[3] == shape[2], images.shape[1] >= shape[0],
      images.shape[2] >= shape[1]
    else { return [[Opinion]](repeating: [], count: images.shape[0]) }
    let seen = images.centered(shape[0])
    var opinions = [[Opinion]](repeating: [], count: images.shape[0])
    for classifier in all {
      let probabilities = classifier.logits(seen).softmax()
      let labels = probabilities.largestPerRow()
      let (values, columns) = (probabilities.elements, probabilities.shape[1])
      for (image, label) in labels.enumerated() {
        opinions[image].append(
          Opinion(
            judge: classifier.name, label: classifier.labelNames[label],
            confidence: Double(values[image * columns + label])))
      }
    }
    return opinions
  }

  /// The one that agrees best with outside networks first.
  private mutating func loaded() throws -> [NeuralClassifier] {
    if let classifiers { return classifiers }
    let found = try RankingJudge.byAgreement.compactMap { name in
      try ReferenceWeights.architectures.first { $0.rawValue == name }.map {
        try ReferenceWeights.classifier($0)
      }
    }
    classifiers = found
    return found
  }
}
