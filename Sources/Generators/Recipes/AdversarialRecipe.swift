import Network

import struct Kernels.Key

/// A generator against a discriminator: their networks and what they minimise.
public struct AdversarialRecipe: Sendable {
  public typealias MakeGenerator = @Sendable (Key) -> any GeneratorNetwork
  public typealias MakeDiscriminator = @Sendable (Key) -> any DiscriminatorNetwork

  /// Networks with fresh weights.
  public var generator: MakeGenerator
  public var discriminator: MakeDiscriminator
  public var objective: any Objective
  public var penalty: GradientPenalty?
  /// Discriminator steps for each generator step.
  public var criticSteps: Int
  /// After each discriminator step every weight of it is limited to ± this.
  public var clipping: Float?
  public var generatorOptimizer: GeneratorRecipe.OptimizerChoice
  public var discriminatorOptimizer: GeneratorRecipe.OptimizerChoice

  /// - Parameter discriminatorOptimizer: the generator's where it is nil.
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
}
