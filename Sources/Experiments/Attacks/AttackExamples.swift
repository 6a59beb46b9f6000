import Adversary
import Autograd
import Datasets
import Network

/// Single images before and after an attack, with the probabilities that the classifier gives to their
/// labels.
public struct AttackExamples: Sendable {
  /// Images as a classifier sees them.
  public struct View: Sendable {
    /// Pixels in [0, 1], `[H, W, C]`, one list an image.
    public let images: [[Float]]
    /// One list an image, in the order of the classifier's labels.
    public let probabilities: [[Double]]
  }

  /// The classifier's name.
  public let classifier: String
  /// The names of the labels, to the classifier and in the data.
  public let classifierLabels, dataLabels: [String]
  /// `[H, W, C]`
  public let imageShape: [Int]
  /// The true labels, one an image, as positions in ``dataLabels``.
  public let labels: [Int]
  /// The attack's name, also where ε is 0.
  public let attack: String
  /// The pixels that the attack may change.
  public let region: FreePixels
  /// What ε counts, in words.
  public let unit: String
  /// In that unit.
  public let epsilon: Double
  /// The images as they are.
  public let clean: View
  /// The same images after the attack; nil where ε is 0.
  public let attacked: View?

  /// - Parameter epsilon: in units of the pixel range.
  init(
    _ classifier: any ImageClassifier, _ sweep: EpsilonSweep, on images: LabeledImages, epsilon: Double,
    pixelRange: PixelRange
  ) {
    let indices = Array(0..<images.count)
    let x = images.tensor(indices)
    labels = images.labels(indices)
    self.classifier = classifier.name
    (classifierLabels, dataLabels) = (classifier.labelNames, images.labelNames)
    imageShape = classifier.imageShape
    (attack, region) = (sweep.attack.name, sweep.region)
    unit = pixelRange.unit(sweep.attack.norm)
    self.epsilon = epsilon
    clean = View(x, by: classifier)
    attacked =
      epsilon > 0
      ? View(
        sweep.images(
          against: classifier, x, labels: labels,
          epsilon: pixelRange.unitEpsilon(epsilon, sweep.attack.norm)), by: classifier) : nil
  }
}

extension AttackExamples {
  /// Of the noise, which would hardly be seen as it is.
  package static let magnification = 10

  /// What the attack changed of an image, magnified: grey (0.5) where nothing changed.
  package func noise(at index: Int) -> [Float] {
    zip((attacked ?? clean).images[index], clean.images[index]).map {
      min(max(($0 - $1) * Float(Self.magnification) + 0.5, 0), 1)
    }
  }
}

extension AttackExamples.View {
  /// What an image is taken for: the first of the most probable labels.
  package func prediction(at index: Int) -> Int {
    let own = probabilities[index]
    return own.indices.reduce(0) { own[$1] > own[$0] ? $1 : $0 }
  }

  fileprivate init(_ x: Tensor, by classifier: any ImageClassifier) {
    images = Self.rows(x.elements, x.shape[0])
    probabilities = Self.rows(classifier.logits(x).softmax().elements.map(Double.init), x.shape[0])
  }

  private static func rows<Element>(_ elements: [Element], _ count: Int) -> [[Element]] {
    let size = elements.count / max(1, count)
    return (0..<count).map { Array(elements[$0 * size..<($0 + 1) * size]) }
  }
}
