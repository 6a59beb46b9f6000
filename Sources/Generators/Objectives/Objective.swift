import Autograd
import Network

/// What discriminator and generator minimise.
///
/// Judgements are `[N]` scores with whatever else the objective asks for. All losses are means over the batch.
public protocol Objective: Sendable {
  func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor
  func generatorLoss(fake: Judgement, _ round: Round) -> Tensor

  /// Called after a generator step with the mean scores of the step's real and generated images.
  func finishStep(_ memory: inout ObjectiveMemory, real: Float, fake: Float)

  /// Called after an epoch.
  func finishEpoch(_ memory: inout ObjectiveMemory)
}

extension Objective {
  public func finishStep(_ memory: inout ObjectiveMemory, real: Float, fake: Float) {}
  public func finishEpoch(_ memory: inout ObjectiveMemory) {}
}

/// What stands beside the images in one step.
public struct Round {
  /// The labels of the real images.
  public let realLabels: [Int]
  public let latent: Latent
  public let memory: ObjectiveMemory
}

/// Numbers that an objective carries from step to step; part of the training state.
public struct ObjectiveMemory: Codable, Equatable, Sendable {
  /// BEGAN's weight k of the generated images.
  public var balance: Float = 0
  /// BEGAN's measure of convergence: its sum over the epoch's steps, their number, and the best mean of an epoch.
  public var measureSum = 0.0
  public var measureCount = 0
  public var bestMeasure: Double?
  /// A factor on the learning rates.
  public var rateFactor: Float = 1
  public init() {}
}

/// Non-saturating (Goodfellow et al. 2014, §3): on logits, so that nothing saturates in the arithmetic.
/// D: mean softplus(-real) + mean softplus(fake). G: mean softplus(-fake).
public struct NonSaturating: Objective {
  public init() {}
  public func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor {
    Loss.binaryCrossEntropy(real.score, target: 1) + Loss.binaryCrossEntropy(fake.score, target: 0)
  }
  public func generatorLoss(fake: Judgement, _ round: Round) -> Tensor {
    Loss.binaryCrossEntropy(fake.score, target: 1)
  }
}

/// Least squares (Mao et al. 2017) with a = 0, b = c = 1. D: ½ mean (real - 1)² + ½ mean fake². G: ½ mean (fake - 1)².
public struct LeastSquares: Objective {
  public init() {}
  public func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor {
    ((real.score - 1).square().mean() + fake.score.square().mean()) * 0.5
  }
  public func generatorLoss(fake: Judgement, _ round: Round) -> Tensor {
    (fake.score - 1).square().mean() * 0.5
  }
}

/// Wasserstein (Arjovsky et al. 2017). D: mean fake - mean real. G: -mean fake.
public struct Wasserstein: Objective {
  public init() {}
  public func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor {
    Loss.wasserstein(real: real.score, fake: fake.score)
  }
  public func generatorLoss(fake: Judgement, _ round: Round) -> Tensor { fake.score.mean() * -1 }
}

/// EBGAN (Zhao, Mathieu and LeCun 2017, eq. 1–4), on energies. D: mean real + mean max(0, m - fake), the margin for each
/// image by itself. G: mean fake + w·PT, with the pull-away term PT = Σ_{i≠j} cos²(s_i, s_j) / (N(N - 1)) of the codes.
public struct EnergyBased: Objective {
  public let margin: Float
  public let pullAway: Float
  public init(margin: Float, pullAway: Float) {
    self.margin = margin
    self.pullAway = pullAway
  }
  public func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor {
    real.score.mean() + (fake.score * -1 + margin).relu().mean()
  }
  public func generatorLoss(fake: Judgement, _ round: Round) -> Tensor {
    guard let codes = fake.embedding, codes.shape[0] > 1 else { return fake.score.mean() }
    return fake.score.mean() + Self.pullAwayTerm(codes) * pullAway
  }

  /// PT of codes `[N, size]`.
  static func pullAwayTerm(_ codes: Tensor) -> Tensor {
    let count = Float(codes.shape[0])
    let unit = codes * (codes.square().sum(axes: [1], keepDimensions: true) + 1e-12).squareRoot().reciprocal()
    let cosines = Tensor.matmul(unit, unit, transposeB: true)
    let others = Tensor.oneHot(Array(0..<codes.shape[0]), classes: codes.shape[0]).scaled(by: -1, plus: 1)
    return (cosines.square() * others).sum() * (1 / (count * (count - 1)))
  }
}

/// BEGAN (Berthelot, Schumm and Metz 2017, §3.4), on losses of reconstruction. D: mean real - k·mean fake. G: mean fake.
/// After each step k ← clip(k + λ(γ·real - fake), 0, 1); the measure is real + |γ·real - fake|.
public struct BoundaryEquilibrium: Objective {
  public let gamma: Float
  public let rate: Float
  public init(gamma: Float, rate: Float) {
    self.gamma = gamma
    self.rate = rate
  }
  public func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor {
    real.score.mean() - fake.score.mean() * round.memory.balance
  }
  public func generatorLoss(fake: Judgement, _ round: Round) -> Tensor { fake.score.mean() }
  public func finishStep(_ memory: inout ObjectiveMemory, real: Float, fake: Float) {
    let difference = gamma * real - fake
    memory.balance = min(1, max(0, memory.balance + rate * difference))
    memory.measureSum += Double(real + difference.magnitude)
    memory.measureCount += 1
  }

  /// Halves the rates where the measure stalls (§4: "decaying when the measure of convergence stalls"), judged by the
  /// mean of an epoch: that of one batch is mostly noise.
  public func finishEpoch(_ memory: inout ObjectiveMemory) {
    let measure = memory.measureSum / Double(max(1, memory.measureCount))
    memory.measureSum = 0
    memory.measureCount = 0
    guard let best = memory.bestMeasure, measure >= best else {
      memory.bestMeasure = measure
      return
    }
    memory.rateFactor = max(0.1, memory.rateFactor / 2)
  }
}

/// ACGAN (Odena, Olah and Shlens 2017, eq. 2–3): non-saturating, and the labels of real and generated images are told
/// from their looks. D adds the cross-entropy of both, G that of its own.
public struct AuxiliaryClassifier: Objective {
  private let base = NonSaturating()
  public init() {}
  public func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor {
    base.discriminatorLoss(real: real, fake: fake, round) + surprise(real, round.realLabels)
      + surprise(fake, round.latent.labels)
  }
  public func generatorLoss(fake: Judgement, _ round: Round) -> Tensor {
    base.generatorLoss(fake: fake, round) + surprise(fake, round.latent.labels)
  }
  private func surprise(_ judgement: Judgement, _ labels: [Int]?) -> Tensor {
    guard let logits = judgement.labels, let labels else {
      preconditionFailure(
        "AuxiliaryClassifier: a discriminator without label logits, or images without labels")
    }
    return Loss.crossEntropy(logits, labels: labels)
  }
}

/// infoGAN (Chen et al. 2016, §5): non-saturating, and the codes of generated images are told from their looks. Both
/// networks add λ times cross-entropy of the discrete code + ½ Σ squared errors of the continuous ones (a normal
/// distribution with unit variance).
public struct Information: Objective {
  public let weight: Float
  private let base = NonSaturating()
  public init(weight: Float) { self.weight = weight }
  public func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor {
    base.discriminatorLoss(real: real, fake: fake, round) + missing(fake, round.latent) * weight
  }
  public func generatorLoss(fake: Judgement, _ round: Round) -> Tensor {
    base.generatorLoss(fake: fake, round) + missing(fake, round.latent) * weight
  }
  private func missing(_ fake: Judgement, _ latent: Latent) -> Tensor {
    guard let logits = fake.labels, let guess = fake.codes, let labels = latent.labels,
      let codes = latent.codes
    else {
      preconditionFailure("Information: a discriminator without codes, or a latent without them")
    }
    return Loss.crossEntropy(logits, labels: labels) + (guess - codes).square().sum(axes: [1]).mean() * 0.5
  }
}
