import Autograd
import Network

import struct Kernels.Key

/// A generator against a discriminator: their networks and what they minimise.
public struct AdversarialRecipe: Sendable {
  /// Makes a generator whose fresh weights follow from the key.
  public typealias MakeGenerator = @Sendable (Key) -> any GeneratorNetwork
  /// Makes a discriminator whose fresh weights follow from the key.
  public typealias MakeDiscriminator = @Sendable (Key) -> any DiscriminatorNetwork

  /// The network that draws, with fresh weights.
  public var generator: MakeGenerator
  /// The network that judges, with fresh weights.
  public var discriminator: MakeDiscriminator
  /// What both minimise.
  public var objective: any Objective
  /// What is added to the discriminator's loss to hold its slope; nil for nothing.
  public var penalty: GradientPenalty?
  /// Discriminator steps for each generator step.
  public var criticSteps: Int
  /// After each discriminator step every weight of it is limited to ± this.
  public var clipping: Float?
  /// Changes of all images that the discriminator sees, one after the other.
  public var augmentations: [any InputAugmentation] = []
  /// Whether real and drawn images are one batch for the discriminator, with one mean and variance in its
  /// batch normalization; else each are a batch of their own.
  public var mixesBatches = false
  /// How the generator's weights are changed, and at which rate.
  public var generatorOptimizer: GeneratorRecipe.OptimizerChoice
  /// How the discriminator's weights are changed, and at which rate.
  public var discriminatorOptimizer: GeneratorRecipe.OptimizerChoice

  /// The networks and what they minimise; the parameters are the properties of the same names, and the
  /// discriminator's optimizer is the generator's where it is nil. Images are not changed, and real and drawn
  /// ones are batches of their own, unless the other properties say otherwise.
  public init(
    generator: @escaping MakeGenerator, discriminator: @escaping MakeDiscriminator, objective: any Objective,
    penalty: GradientPenalty? = nil, criticSteps: Int = 1, clipping: Float? = nil,
    generatorOptimizer: GeneratorRecipe.OptimizerChoice,
    discriminatorOptimizer: GeneratorRecipe.OptimizerChoice? = nil
  ) {
    self.generator = generator
    self.discriminator = discriminator
    self.objective = objective
    self.penalty = penalty
    self.criticSteps = criticSteps
    self.clipping = clipping
    self.generatorOptimizer = generatorOptimizer
    self.discriminatorOptimizer = discriminatorOptimizer ?? generatorOptimizer
  }

  /// The same with some figures changed.
  func with(_ change: (inout AdversarialRecipe) -> Void) -> AdversarialRecipe {
    var recipe = self
    change(&recipe)
    return recipe
  }

  /// What the discriminator sees of images.
  func augmented(_ images: Tensor, key: Key) -> Tensor {
    augmentations.enumerated().reduce(images) { $1.element($0, key: key.derived($1.offset)) }
  }
}
