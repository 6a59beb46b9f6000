import Autograd
import Network

import struct Kernels.Key

/// What a generator turns into images.
public struct Latent {
  /// `[N, size]`
  public var noise: Tensor
  /// One a row, where the generator is told what to draw.
  public var labels: [Int]?
  /// `[N, codes]` in [-1, 1]: the continuous codes of infoGAN.
  public var codes: Tensor?

  /// Latents for N images, with labels and codes for a generator that takes them.
  public init(noise: Tensor, labels: [Int]? = nil, codes: Tensor? = nil) {
    self.noise = noise
    self.labels = labels
    self.codes = codes
  }

  /// The latents of some of the images.
  public subscript(range: Range<Int>) -> Latent {
    Latent(
      noise: noise.rows(range), labels: labels.map { Array($0[range]) }, codes: codes.map { $0.rows(range) })
  }
}

/// From a latent to images `[N, H, W, C]` in [-1, 1].
public protocol GeneratorNetwork: Module {
  /// The images of a latent; the same for equal latents in inference.
  func callAsFunction(_ latent: Latent, _ pass: Pass) -> Tensor
}

/// What a discriminator, critic or energy says of a batch of images.
public struct Judgement {
  /// `[N]`: a logit (larger = real), a critic's score (larger = real), or an energy (smaller = real).
  public var score: Tensor
  /// `[N, labels]`: the logits of an auxiliary classifier.
  public var labels: Tensor?
  /// `[N, codes]`: infoGAN's guess of the continuous codes.
  public var codes: Tensor?
  /// `[N, size]`: the code of an autoencoder.
  public var embedding: Tensor?

  /// What is said of N images: a score for each, and whatever else the objective asks for.
  public init(score: Tensor, labels: Tensor? = nil, codes: Tensor? = nil, embedding: Tensor? = nil) {
    self.score = score
    self.labels = labels
    self.codes = codes
    self.embedding = embedding
  }

  /// What is said of some of the images.
  subscript(range: Range<Int>) -> Judgement {
    func rows(_ x: Tensor) -> Tensor { x.rows(range) }
    return Judgement(
      score: rows(score), labels: labels.map(rows), codes: codes.map(rows), embedding: embedding.map(rows))
  }
}

/// From images `[N, H, W, C]` in [-1, 1] to a judgement.
public protocol DiscriminatorNetwork: Module {
  /// What it says of the images, each of which has a score.
  ///
  /// - Parameters:
  ///   - images: `[N, H, W, C]` in [-1, 1].
  ///   - labels: what the images are said to show, `[N]`, for networks that look at it.
  ///   - pass: whether the network is used or trained.
  func callAsFunction(_ images: Tensor, _ labels: [Int]?, _ pass: Pass) -> Judgement
}

extension DiscriminatorNetwork {
  /// What it says of real and of drawn images, judged in one pass, which normalization takes for one batch or
  /// for two.
  ///
  /// - Parameter labels: those of the real images, then those of the drawn ones.
  func judgements(
    real: Tensor, fake: Tensor, _ labels: [Int]?, _ pass: Pass
  ) -> (real: Judgement, fake: Judgement) {
    let all = self(Tensor.concatenate([real, fake], axis: 0), labels, pass)
    let (count, drawn) = (real.shape[0], fake.shape[0])
    return (all[0..<count], all[count..<count + drawn])
  }
}

/// A generator that is one chain of layers; labels, as one-hot vectors, and codes are appended to the noise.
public final class ChainGenerator: GeneratorNetwork {
  package let layers: Sequential
  /// How many labels it can be told; 0 for none.
  package let labelCount: Int

  /// A generator that is a chain.
  ///
  /// - Parameters:
  ///   - layers: from noise, codes and labels side by side, `[N, …]`, to images `[N, H, W, C]` in [-1, 1].
  ///   - labels: how many it can be told; 0 for a generator that is told none.
  public init(_ layers: Sequential, labels: Int = 0) {
    self.layers = layers
    labelCount = labels
  }

  /// Those of the layers.
  public var namedParameters: [(name: String, parameter: Parameter)] { layers.namedParameters }

  /// The layers' output for noise, codes and labels side by side, in this order.
  public func callAsFunction(_ latent: Latent, _ pass: Pass) -> Tensor {
    var parts = [latent.noise]
    if let codes = latent.codes { parts.append(codes) }
    if let labels = latent.labels, labelCount > 0 { parts.append(.oneHot(labels, classes: labelCount)) }
    return layers(parts.count == 1 ? parts[0] : Tensor.concatenate(parts, axis: 1), pass)
  }
}

/// A discriminator that is one chain of layers down to `[N, 1]`.
public final class ChainDiscriminator: DiscriminatorNetwork {
  private let layers: Sequential

  /// A discriminator of `layers`, the last of which gives one number an image.
  public init(_ layers: Sequential) { self.layers = layers }

  /// Those of the layers.
  public var namedParameters: [(name: String, parameter: Parameter)] { layers.namedParameters }

  /// A score for each image. Labels are not looked at.
  public func callAsFunction(_ images: Tensor, _ labels: [Int]?, _ pass: Pass) -> Judgement {
    Judgement(score: layers(images, pass).reshaped([images.shape[0]]))
  }
}
