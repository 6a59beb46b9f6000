import Kernels
import Network

/// Everything that decides the weights of a trained classifier, beside the data.
public struct ClassifierRecipe: Codable, Equatable, Sendable {
  /// `Network.Schedule`, for those who write a recipe and need nothing else of that module.
  public typealias Schedule = Network.Schedule

  /// The network that is trained.
  public var architecture: ClassifierArchitecture
  /// Passes over the training images, from 1 to ``largestCount``.
  public var epochs: Int
  /// Images a step, from 1 to ``largestCount``; the last step of an epoch takes what is left.
  public var batchSize: Int
  /// The full learning rate; ``schedule`` lowers it.
  public var learningRate: Float
  /// How the rate falls from ``learningRate`` after the warm-up, if at all.
  public var schedule: Schedule
  /// Of AdamW where it is nil. What a plain training does not use is left out of its stored form, so that
  /// the bytes of older ones stay.
  public var optimizer: ClassifierOptimizer?
  /// The share of the steps in which the rate rises to its full value, from 0 to below 1; nil for none.
  public var warmup: Double?
  /// AdamW's decoupled decay, or what ``optimizer`` says of it.
  public var weightDecay: Float
  /// The share of the uniform distribution in the labels (Szegedy et al. 2016, §7), from 0 to below 1.
  public var labelSmoothing: Float
  /// How training images are changed at random.
  public var augmentation: Augmentation
  /// What the first weights, the order of the images and all else that is random follow from.
  public var seed: UInt64
  /// What the classifier is trained to withstand; nil for a plain training.
  public var defence: DefenceRecipe?
  /// Of the factors of the products in a step; float32 where it is nil.
  public var precision: ProductPrecision?
  /// Lanes that each batch is cut into (`Network/Lanes`); one where it is nil.
  public var lanes: Int?

  /// The most epochs, and the most images a step: far beyond use, and products of both still fit.
  public static let largestCount = 1_000_000

  /// Whether a training with another number of epochs starts in the same way: nothing follows from how much
  /// is left.
  public var goesOnAlike: Bool {
    schedule == .constant && (warmup ?? 0) == 0 && defence?.method != .ibp
  }

  /// The first figure in which `other` differs, and its two values.
  package func firstDifference(from other: ClassifierRecipe) -> (name: String, mine: String, other: String)? {
    let figures: [(String, (ClassifierRecipe) -> String)] = [
      ("architecture", { $0.architecture.rawValue }), ("epochs", { "\($0.epochs)" }),
      ("batch size", { "\($0.batchSize)" }), ("learning rate", { "\($0.learningRate)" }),
      ("schedule", { $0.schedule.rawValue }), ("warm-up", { "\($0.warmup ?? 0)" }),
      ("optimizer", { ($0.optimizer ?? .adamW).rawValue }), ("weight decay", { "\($0.weightDecay)" }),
      ("label smoothing", { "\($0.labelSmoothing)" }), ("shift", { "\($0.augmentation.shift)" }),
      ("mirroring", { $0.augmentation.mirrors ? "on" : "off" }),
      ("erasing", { "\($0.augmentation.erasing ?? 0)" }), ("seed", { "\($0.seed)" }),
      ("defence", { $0.defence?.summary ?? "none" }),
      ("precision", { ($0.precision ?? .float32).rawValue }), ("lanes", { "\($0.lanes ?? 1)" }),
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
  /// - Parameters:
  ///   - architecture: decides every figure; with a defence only batch size, schedule and label smoothing.
  ///   - defence: a recipe with one decays no weights and changes no images: Gowal et al. (arXiv 1810.12715)
  ///     do without, and a defended classifier of this size fits too little rather than too much. Its epochs
  ///     and rate were chosen by trials of `conv`, which docs/results/robustness.md lists.
  public static func reference(
    _ architecture: ClassifierArchitecture, defence: DefenceRecipe? = nil
  ) -> ClassifierRecipe {
    guard let defence else { return plain(architecture) }
    var recipe = plain(architecture)
    recipe.weightDecay = 0
    recipe.augmentation = .none
    // The rates of the defences are AdamW's.
    (recipe.optimizer, recipe.warmup) = (nil, nil)
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
    // One cycle of SGD with momentum, label smoothing, shifts and erased rectangles: what trainings of small
    // residual networks have settled on (He et al. 2016; Smith and Topin 2019; Zhong et al. 2020). What was
    // tried: docs/results/classifiers.md.
    case .resnet:
      ClassifierRecipe(
        architecture: .resnet, epochs: 20, batchSize: 256, learningRate: 0.3, schedule: .linear,
        optimizer: .sgd, warmup: 0.25, weightDecay: 5e-4, labelSmoothing: 0.1,
        augmentation: Augmentation(mirrors: true, shift: 1, erasing: 0.25), seed: 1)
    }
  }
}
