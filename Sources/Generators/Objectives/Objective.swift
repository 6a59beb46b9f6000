import Autograd
import Network

/// What discriminator and generator minimise.
///
/// Judgements are `[N]` scores with whatever else the objective asks for. All losses are means over the
/// batch. One whose losses follow from the steps before is a ``RememberingObjective``.
public protocol Objective: Sendable {
  /// Whether the losses are binary cross-entropies of one score an image and nothing else, so that a coin's
  /// are known: ln 2.
  var isLogistic: Bool { get }

  /// The discriminator's loss, a scalar, from what it says of a batch of real and a batch of drawn images.
  func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor

  /// The generator's loss, a scalar, from what the discriminator says of a batch of drawn images.
  func generatorLoss(fake: Judgement, _ round: Round) -> Tensor
}

extension Objective {
  /// False unless the objective says otherwise.
  public var isLogistic: Bool { false }
}

/// What stands beside the images in one step.
public struct Round {
  /// The labels of the real images; none in the generator's step.
  public let realLabels: [Int]
  /// What the drawn images were drawn from.
  public let latent: Latent
}

/// Non-saturating (Goodfellow et al. 2014, §3): on logits, so that nothing saturates in the arithmetic.
/// D: mean softplus(-real) + mean softplus(fake). G: mean softplus(-fake).
public struct NonSaturating: Objective {
  /// An objective without settings.
  public init() {}
  /// True: a score of 0 gives ln 2.
  public var isLogistic: Bool { true }

  /// The loss: mean softplus(-real) + mean softplus(fake).
  public func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor {
    Loss.binaryCrossEntropy(real.score, target: 1) + Loss.binaryCrossEntropy(fake.score, target: 0)
  }

  /// The loss: mean softplus(-fake).
  public func generatorLoss(fake: Judgement, _ round: Round) -> Tensor {
    Loss.binaryCrossEntropy(fake.score, target: 1)
  }
}

/// A mistake on record: cross-entropy that takes the probability σ(score) for a logit, as a network with a
/// sigmoid and a loss that applies another give. D: mean softplus(-σ(real)) + mean softplus(σ(fake)). G: mean
/// softplus(-σ(fake)). No loss falls below ln(1 + 1/e) ≈ 0.31, and where σ is 0 for all images both are ln 2
/// without a gradient.
public struct NonSaturatingOfProbability: Objective {
  private let base = NonSaturating()

  /// An objective without settings.
  public init() {}
  /// True: its losses, too, are cross-entropies of one number an image.
  public var isLogistic: Bool { true }

  /// The loss: mean softplus(-σ(real)) + mean softplus(σ(fake)).
  public func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor {
    base.discriminatorLoss(real: probability(real), fake: probability(fake), round)
  }

  /// The loss: mean softplus(-σ(fake)).
  public func generatorLoss(fake: Judgement, _ round: Round) -> Tensor {
    base.generatorLoss(fake: probability(fake), round)
  }
  private func probability(_ judgement: Judgement) -> Judgement {
    Judgement(score: judgement.score.sigmoid())
  }
}

/// Least squares (Mao et al. 2017) with a = 0, b = c = 1. D: ½ mean (real - 1)² + ½ mean fake². G: ½ mean
/// (fake - 1)².
public struct LeastSquares: Objective {
  /// An objective without settings.
  public init() {}

  /// The loss: ½ mean (real - 1)² + ½ mean fake².
  public func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor {
    ((real.score - 1).square().mean() + fake.score.square().mean()) * 0.5
  }

  /// The loss: ½ mean (fake - 1)².
  public func generatorLoss(fake: Judgement, _ round: Round) -> Tensor {
    (fake.score - 1).square().mean() * 0.5
  }
}

/// Wasserstein (Arjovsky et al. 2017). D: mean fake - mean real. G: -mean fake.
public struct Wasserstein: Objective {
  /// An objective without settings; the critic needs clipping or a penalty beside it.
  public init() {}

  /// The loss: mean fake - mean real.
  public func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor {
    Loss.wasserstein(real: real.score, fake: fake.score)
  }

  /// The loss: -mean fake.
  public func generatorLoss(fake: Judgement, _ round: Round) -> Tensor { fake.score.mean() * -1 }
}

/// EBGAN (Zhao, Mathieu and LeCun 2017, eq. 1–4), on energies. D: mean real + mean max(0, m - fake), the
/// margin for each image by itself. G: mean fake + w·PT, with the pull-away term PT = Σ_{i≠j} cos²(s_i, s_j)
/// / (N(N - 1)) of the codes.
public struct EnergyBased: Objective {
  /// m: the energy beyond which a drawn image adds nothing to the discriminator's loss.
  public let margin: Float
  /// w: the weight of the pull-away term; 0 for none.
  public let pullAway: Float

  /// An objective on energies, which a discriminator without negative scores gives.
  public init(margin: Float, pullAway: Float) {
    self.margin = margin
    self.pullAway = pullAway
  }

  /// The loss: mean real + mean max(0, m - fake).
  public func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor {
    real.score.mean() + (fake.score * -1 + margin).relu().mean()
  }

  /// The loss: mean fake + w·PT; without PT where the discriminator gives no codes, or for one image.
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

/// ACGAN (Odena, Olah and Shlens 2017, eq. 2–3): non-saturating, and the labels of real and generated images
/// are told from their looks. D adds the cross-entropy of both, G that of its own.
public struct AuxiliaryClassifier: Objective {
  private let base = NonSaturating()

  /// An objective without settings, for a discriminator that gives ``Judgement/labels``.
  public init() {}

  /// The non-saturating loss, and the cross-entropies of the labels of real and of drawn images.
  public func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor {
    base.discriminatorLoss(real: real, fake: fake, round) + surprise(real, round.realLabels)
      + surprise(fake, round.latent.labels)
  }

  /// The non-saturating loss, and the cross-entropy of the labels of drawn images.
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

/// infoGAN (Chen et al. 2016, §5): non-saturating, and the codes of generated images are told from their
/// looks. Both networks add λ times cross-entropy of the discrete code + ½ Σ squared errors of the continuous
/// ones (a normal distribution with unit variance).
public struct Information: Objective {
  /// λ.
  public let weight: Float
  private let base = NonSaturating()

  /// An objective for a discriminator that gives ``Judgement/labels`` and ``Judgement/codes``.
  public init(weight: Float) { self.weight = weight }

  /// The non-saturating loss, and λ times the error in telling the codes of drawn images.
  public func discriminatorLoss(real: Judgement, fake: Judgement, _ round: Round) -> Tensor {
    base.discriminatorLoss(real: real, fake: fake, round) + missing(fake, round.latent) * weight
  }

  /// The non-saturating loss, and λ times the error in telling the codes of drawn images.
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
