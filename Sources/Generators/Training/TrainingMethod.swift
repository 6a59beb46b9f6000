import Autograd
import Network

import struct Kernels.Key

/// How a generator learns: one step, and everything that it changes.
///
/// There are three: against a discriminator (``AdversarialMethod``), with an encoder (``VariationalMethod``),
/// and of grey images (``ColorizingMethod``).
protocol TrainingMethod: AnyObject {
  var generator: any GeneratorNetwork { get }
  /// All networks, the generator among them, by the names that they have in a training state.
  var modules: [(name: String, module: any Module)] { get }
  /// All optimizers, with the number of steps that each makes in one of the training.
  var optimizers: [(name: String, optimizer: Optimizer, stepsEach: Int)] { get }
  /// The names of the losses that a step returns.
  var lossNames: [String] { get }
  /// The objective, where it carries something from step to step beside weights and optimizers.
  var remembering: (any RememberingObjective)? { get set }

  /// One step.
  ///
  /// - Throws: ``GeneratorTrainer/Divergence`` before a loss that is not a number reaches any weight.
  func step(_ turn: Turn) throws(GeneratorTrainer.Divergence) -> Losses

  /// Called after the last step of an epoch.
  func finishEpoch()
}

extension TrainingMethod {
  var remembering: (any RememberingObjective)? {
    get { nil }
    set {}
  }
  func finishEpoch() {}
}

/// What one step is given.
struct Turn {
  /// From 1.
  let step: Int
  let key: Key
  /// The schedule's factor on the learning rates.
  let rateFactor: Float
  /// The real images `[N, H, W, C]` in [-1, 1], with their labels, of the step's batch of this number.
  let batch: (_ round: Int) -> (images: Tensor, labels: [Int])
}

extension GeneratorRecipe {
  /// The method with fresh weights.
  func makeMethod(_ key: Key) -> any TrainingMethod {
    switch method {
    case .adversarial(let game): AdversarialMethod(self, game, key: key)
    case .variational(let autoencoder): VariationalMethod(self, autoencoder, key: key)
    case .colorizing(let colorizer): ColorizingMethod(colorizer, key: key)
    }
  }

  /// A generator with fresh weights.
  func makeGenerator(_ key: Key) -> any GeneratorNetwork {
    switch method {
    case .adversarial(let game): game.generator(key)
    case .variational(let autoencoder): autoencoder.decoder(key)
    case .colorizing: ColorizerGenerator(key: key)
    }
  }
}
