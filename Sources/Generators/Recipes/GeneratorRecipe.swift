import Kernels
import Network

/// How a generator is made: what it draws, how it learns, and the numbers, each with its source in the
/// family's file.
public struct GeneratorRecipe: Sendable {
  /// As on the command line.
  public var name: String
  /// One line.
  public var summary: String
  /// Where networks, losses and numbers are from.
  public var citation: String

  /// Rows and columns of an image: 28, or 32 with two rows and columns of black around.
  public var imageSize = 28
  /// Values of a pixel: 1 for grey, 3 for RGB.
  public var channels = 1
  /// Whether the generator is told what to draw.
  public var isConditional = false
  /// Whether what it is told are the labels of the data. infoGAN is told numbers and finds a meaning for them
  /// by itself.
  public var knowsLabels = true
  /// Labels that it can be told.
  public private(set) var labelCount = 10
  /// What images are drawn from.
  public var noise: Noise
  /// Whether its discriminator sees images changed in more ways than the recipe says.
  public private(set) var isAugmented = false
  /// Continuous codes beside the noise (infoGAN).
  public var codes = 0

  /// The networks, and how they learn.
  public var method: Method
  /// The method for another number of labels than ten; nil where there is none.
  public var methodForLabels: (@Sendable (_ labels: Int) -> Method)?

  /// Of the factors of products and convolutions while training.
  public var precision = ProductPrecision.float32

  /// Real images of a batch, 2 at least; against a discriminator as many are drawn.
  public var batchSize = 64
  /// How long the training lasts.
  public var length: Length
  /// How the learning rates change over the training.
  public var schedule = Schedule.constant
  /// How much of the averaged generator is kept in a step, at most; nil for no average.
  public var averaging: Float?

  /// The networks, and how they learn.
  public enum Method: Sendable {
    /// A generator against a discriminator, a critic or an energy.
    case adversarial(AdversarialRecipe)
    /// A variational autoencoder, whose decoder is the generator.
    case variational(VariationalRecipe)
    /// Grey images in the place of noise, and a discriminator that sees both.
    case colorizing(ColorizerRecipe)
  }

  /// How long a training lasts.
  public enum Length: Codable, Equatable, Sendable, CustomStringConvertible {
    /// Passes over the training images.
    case epochs(Int)
    /// Generator steps.
    case steps(Int)

    /// Such as `50 epochs`.
    public var description: String {
      switch self {
      case .epochs(let count): "\(count) epoch\(count == 1 ? "" : "s")"
      case .steps(let count): "\(count) step\(count == 1 ? "" : "s")"
      }
    }
  }

  /// The distribution of the noise.
  public enum Noise: Codable, Equatable, Sendable {
    /// Uniform in [-1, 1).
    case uniform(size: Int)
    /// Normal with the mean 0 and the deviation 1.
    case normal(size: Int)

    /// How many numbers an image is drawn from.
    public var size: Int {
      switch self {
      case .uniform(let size), .normal(let size): size
      }
    }
  }

  /// An update rule with its rate.
  public enum OptimizerChoice: Codable, Equatable, Sendable {
    /// Adam without decay of the weights.
    case adam(rate: Float, beta1: Float, beta2: Float)
    /// RMSProp with the defaults of PyTorch.
    case rmsProp(rate: Float)

    var rate: Float {
      switch self {
      case .adam(let rate, _, _), .rmsProp(let rate): rate
      }
    }

    var rule: any UpdateRule {
      switch self {
      case .adam(_, let beta1, let beta2): Adam(beta1: beta1, beta2: beta2)
      case .rmsProp: RMSProp()
      }
    }
  }

  /// A recipe for grey images of 28×28 without labels, in batches of 64 and at constant rates, unless its
  /// properties are changed.
  public init(
    name: String, summary: String, citation: String, noise: Noise, length: Length, method: Method
  ) {
    self.name = name
    self.summary = summary
    self.citation = citation
    self.noise = noise
    self.length = length
    self.method = method
  }

  /// Batches of real images that one step takes.
  public var batchesPerStep: Int {
    switch method {
    case .adversarial(let game): game.criticSteps
    case .variational, .colorizing: 1
    }
  }

  /// The same for data of so many labels, where it draws by label and can have them.
  public func adapted(toLabels count: Int) -> GeneratorRecipe {
    guard isConditional, count != labelCount, let methodForLabels else { return self }
    return with {
      $0.labelCount = count
      $0.method = methodForLabels(count)
    }
  }

  /// The same with one more change of what its discriminator sees; nil where it has none.
  public func augmented(by augmentation: any InputAugmentation) -> GeneratorRecipe? {
    guard case .adversarial(let game) = method else { return nil }
    return with {
      $0.method = .adversarial(game.with { $0.augmentations.append(augmentation) })
      $0.isAugmented = true
    }
  }

  /// Whether the losses are binary cross-entropies and nothing else, so that a coin's are known: ln 2.
  public var isLogistic: Bool {
    switch method {
    case .adversarial(let game): game.objective.isLogistic && game.penalty == nil
    case .variational, .colorizing: false
    }
  }

  /// The same with some figures changed.
  func with(_ change: (inout GeneratorRecipe) -> Void) -> GeneratorRecipe {
    var recipe = self
    change(&recipe)
    return recipe
  }
}
