import Network

/// Everything that decides the weights of a trained classifier, beside the data.
public struct ClassifierRecipe: Codable, Equatable, Sendable {
  public typealias Schedule = Network.Schedule

  public var architecture: ClassifierArchitecture
  public var epochs: Int
  public var batchSize: Int
  /// The full learning rate; ``schedule`` lowers it.
  public var learningRate: Float
  public var schedule: Schedule
  /// AdamW's decoupled decay.
  public var weightDecay: Float
  public var labelSmoothing: Float
  public var augmentation: Augmentation
  public var seed: UInt64
  /// Left out of the stored form where it is nil, so that plain trainings keep their bytes.
  public var defence: DefenceRecipe?

  /// The most epochs, and the most images a step: far beyond use, and products of both still fit.
  public static let largestCount = 1_000_000

  /// Whether a training with another number of epochs starts in the same way: nothing follows from how much
  /// is left.
  public var goesOnAlike: Bool { schedule == .constant && defence?.method != .ibp }

  /// The first figure in which `other` differs, and its two values.
  package func firstDifference(from other: ClassifierRecipe) -> (name: String, mine: String, other: String)? {
    let figures: [(String, (ClassifierRecipe) -> String)] = [
      ("architecture", { $0.architecture.rawValue }), ("epochs", { "\($0.epochs)" }),
      ("batch size", { "\($0.batchSize)" }), ("learning rate", { "\($0.learningRate)" }),
      ("schedule", { $0.schedule.rawValue }), ("weight decay", { "\($0.weightDecay)" }),
      ("label smoothing", { "\($0.labelSmoothing)" }), ("shift", { "\($0.augmentation.shift)" }),
      ("mirroring", { $0.augmentation.mirrors ? "on" : "off" }), ("seed", { "\($0.seed)" }),
      ("defence", { $0.defence?.summary ?? "none" }),
    ]
    return figures.lazy.map { name, value in (name, value(self), value(other)) }.first { $0.1 != $0.2 }
  }

  /// The recipe of the reference weights.
  ///
  /// The networks are the source's. It trains them with a constant rate and as they are (dense: Adam 1e-3,
  /// batch 32, 10 epochs; conv: Adam 1e-4, batch 256, 50 epochs) and reports 88 % and 90 %. Here the rate
  /// falls along a cosine and AdamW decays the weights; the dense classifier's images are mirrored. The
  /// values were chosen by trial, which docs/results/classifiers.md lists.
  ///
  /// - Parameter defence: a recipe with one decays no weights and changes no images: Gowal et al. (arXiv
  ///   1810.12715) do without, and a defended classifier of this size fits too little rather than too much.
  ///   Its epochs and rate were chosen by trials of `conv`, which docs/results/robustness.md lists.
  public static func reference(
    _ architecture: ClassifierArchitecture, defence: DefenceRecipe? = nil
  ) -> ClassifierRecipe {
    guard let defence else { return plain(architecture) }
    var recipe = plain(architecture)
    recipe.weightDecay = 0
    recipe.augmentation = .none
    recipe.defence = defence
    switch defence.method {
    case .ibp: (recipe.epochs, recipe.learningRate) = (55, 3e-3)
    case .pgd, .trades: (recipe.epochs, recipe.learningRate) = (36, 3e-3)
    case .fgsm: (recipe.epochs, recipe.learningRate) = (10, 1e-3)
    }
    return recipe
  }

  private static func plain(_ architecture: ClassifierArchitecture) -> ClassifierRecipe {
    switch architecture {
    case .dense:
      ClassifierRecipe(
        architecture: .dense, epochs: 60, batchSize: 256, learningRate: 2e-3, schedule: .cosine,
        weightDecay: 0.1, labelSmoothing: 0, augmentation: Augmentation(mirrors: true, shift: 0), seed: 1)
    case .conv, .convReLU:
      ClassifierRecipe(
        architecture: architecture, epochs: 75, batchSize: 128, learningRate: 1e-3, schedule: .cosine,
        weightDecay: 0.2, labelSmoothing: 0, augmentation: .none, seed: 1)
    }
  }
}
