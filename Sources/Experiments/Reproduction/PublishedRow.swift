import Adversary
import Classifier
import Generators

/// One system that a source report describes: what is run for it, and what the report says came of it.
public struct PublishedRow: Sendable {
  /// Such as `B7`: the report's part by letter, the system by number.
  public let id: String
  /// The system in a few words.
  public let title: String
  /// The report and its section.
  public let source: String
  /// What is run for the row.
  public let study: Study
  /// What the report says of this system alone; ``PublishedQuestion`` has what compares several.
  public let claims: [PublishedClaim]
  /// What the source's length takes on two cores, roughly; a budget is shared out by it.
  public let minutes: Double

  /// What is run.
  public enum Study: Sendable {
    /// A training, and the accuracy on the test images.
    case classifier(ClassifierRecipe)
    /// Images before and after foreground FGSM, at ε in units of [0, 1].
    case noise(epsilon: Double)
    /// Accuracy against ε, with the source's grid and units.
    case curve
    /// The confusion matrix of the convolutional classifier on the test images.
    case confusion
    /// Images with their ten probabilities.
    case predictions
    /// A training, and what the judges say of the images drawn.
    case generator(GeneratorRecipe)
    /// The same on a folder of pictures, which the source does not come with; nothing is scored.
    case pictures(GeneratorRecipe, onlyOneLabel: Bool)
    /// Fashion-MNIST multiplied by a colour for each label.
    case colouredImages
    /// The training of a colorizer, and the colours that it gives to the test images.
    case colorizer
    /// Six images of a label, by the conditional generator of another row.
    case drawing(row: String)
    /// Ten images of each label in one picture.
    case dataset
  }

  init(
    _ id: String, _ title: String, _ source: String, _ study: Study, minutes: Double = 0,
    claims: [PublishedClaim] = []
  ) {
    (self.id, self.title, self.source) = (id, title, source)
    (self.study, self.minutes, self.claims) = (study, minutes, claims)
  }

  /// How long the source trains, where it trains.
  public var length: String? {
    switch study {
    case .classifier(let recipe): "\(GeneratorRecipe.Length.epochs(recipe.epochs))"
    case .generator(let recipe), .pictures(let recipe, _): "\(recipe.length)"
    case .colorizer: "\(PublishedRows.colorizerLength)"
    case .noise, .curve, .confusion, .predictions, .colouredImages, .drawing, .dataset: nil
    }
  }

  /// Whether the judges look at what it draws.
  var isScored: Bool { if case .generator = study { true } else { false } }

  /// By how many seeds more it is trained: where that is affordable.
  public var otherSeeds: [UInt64] { length != nil && minutes <= Self.affordable ? [2, 3] : [] }

  /// In minutes.
  private static let affordable = 20.0

  /// Everything that decides what the row's evidence is, in a line: evidence of another is not its own.
  var identity: String { [id, title, length ?? "", "seed 1"].joined(separator: "; ") }
}
