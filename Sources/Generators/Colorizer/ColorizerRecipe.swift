import Datasets
import Pictures

import struct Kernels.Key

/// A generator that colours grey images, against a discriminator that sees both.
///
/// What is right is a fixed colour for each label (`Datasets.StaticColours`); the generator is not told the
/// label.
public struct ColorizerRecipe: Sendable {
  /// A colour for each label.
  public var colors: [Color]
  /// How the weights of both networks are changed, and at which rate.
  public var optimizer: GeneratorRecipe.OptimizerChoice
  /// λ of the term λ·mean |G(x) - y| in the generator's loss (Isola et al. 2017, eq. 4, with 100); 0 as in
  /// the source.
  public var l1Weight: Float

  /// A recipe for labels of these colours, as many as the images have labels.
  public init(colors: [Color], optimizer: GeneratorRecipe.OptimizerChoice, l1Weight: Float = 0) {
    (self.colors, self.optimizer, self.l1Weight) = (colors, optimizer, l1Weight)
  }
}

extension GeneratorRecipe {
  /// Batch 64, Adam 1e-4, 50 epochs (*E_in-style*, §VI-C; β of Keras, which it uses).
  ///
  /// - Parameters:
  ///   - labelNames: those of the images, which decide the colours.
  ///   - l1Weight: λ of the term λ·mean |G(x) - y| in the generator's loss; 0 as in the source.
  public static func colorizer(labelNames: [String], l1Weight: Float = 0) -> GeneratorRecipe {
    GeneratorRecipe(
      name: "colorizer", summary: "colours grey images", citation: "E_in-style, §IV-C and VI-C",
      noise: .normal(size: ColorizerGenerator.size * ColorizerGenerator.size), length: .epochs(50),
      method: .colorizing(
        ColorizerRecipe(
          colors: StaticColours(labelNames: labelNames).colors,
          optimizer: .adam(rate: 1e-4, beta1: 0.9, beta2: 0.999), l1Weight: l1Weight)))
  }
}

extension GeneratorRecipe {
  /// How a colorizer is made; nil of the other recipes.
  public var colorizing: ColorizerRecipe? {
    if case .colorizing(let colorizer) = method { colorizer } else { nil }
  }
}
