import Network

/// The defence that a classifier is trained with, as far as it decides the weights.
public struct DefenceRecipe: Codable, Equatable, Sendable {
  /// `Network.Region`, for those who write a recipe and need nothing else of that module.
  public typealias Region = Network.Region

  /// The names of `TrainingDefence`s, as on the command line. A new one is a line here; the compiler then
  /// names the places that want its figures.
  public enum Method: String, CaseIterable, Codable, Sendable {
    /// `IntervalBoundTraining`
    case ibp
    /// Training on images attacked by PGD (Madry et al. 2018), of the module Adversary.
    case pgd
    /// Training on images attacked by FGSM (Goodfellow et al. 2015), of the module Adversary: no defence, but
    /// the example of what only looks like one.
    case fgsm
    /// TRADES (Zhang et al. 2019), of the module Adversary: the loss of clean images, and the divergence
    /// between them and attacked ones.
    case trades
  }

  /// How the training defends.
  public var method: Method
  /// The size of the disturbances, in units of the pixel range [0, 1].
  public var epsilon: Float
  /// The pixels that the disturbances may change.
  public var region: Region
  /// Between these shares of the training ε grows from 0.
  public var rampStart: Double
  /// The share of the training at which ε has grown to ``epsilon``; 0 for no ramp.
  public var rampEnd: Double
  /// The weight of the clean images' loss, where there is a ramp at its end.
  public var cleanShare: Float
  /// Steps of the attack, for `pgd` and `trades`.
  public var steps: Int?
  /// The weight of the divergence in `trades`.
  public var beta: Float?

  /// What the hidden layers start from.
  ///
  /// With Glorot's weights the radius of a box grows from layer to layer by the root of the number of inputs;
  /// with ``Initializer/intervalNormal`` it keeps its size (Shi et al., arXiv 2102.05363, §3.2).
  var hiddenInitializer: Initializer {
    switch method {
    case .ibp: .intervalNormal
    case .pgd, .fgsm, .trades: .glorotUniform
    }
  }

  /// In one line, for tables and messages; every figure is in it.
  public var summary: String {
    [
      "\(method.rawValue) with ε \(epsilon) \(region.rawValue)", "ramp \(rampStart) to \(rampEnd)",
      "clean share \(cleanShare)", steps.map { "\($0) steps" }, beta.map { "β \($0)" },
    ].compactMap { $0 }.joined(separator: ", ")
  }

  /// The method with its usual figures.
  public static func standard(_ method: Method, epsilon: Float, region: Region) -> DefenceRecipe {
    func attacked(cleanShare: Float, steps: Int? = nil, beta: Float? = nil) -> DefenceRecipe {
      DefenceRecipe(
        method: method, epsilon: epsilon, region: region, rampStart: 0, rampEnd: 0, cleanShare: cleanShare,
        steps: steps, beta: beta)
    }
    return switch method {
    case .ibp: .ibp(epsilon: epsilon, region: region)
    // Madry et al. 2018 take 40 steps on MNIST and 7 on CIFAR-10 (§5).
    case .pgd: attacked(cleanShare: 0, steps: 7)
    // α = ½: Goodfellow et al. 2015, §6.
    case .fgsm: attacked(cleanShare: 0.5)
    // Ten steps, 1/λ = 6: Zhang et al. 2019, §5.
    case .trades: attacked(cleanShare: 1, steps: 10, beta: 6)
    }
  }

  /// Interval bound propagation as Gowal et al. train MNIST (arXiv 1810.12715, appendix A): 2,000 steps
  /// without, then a ramp of 10,000 steps, which are the shares 0.06 and 0.34 of 35,000. κ ends at 0 instead
  /// of ½: more is certified, and less is right clean (docs/results/robustness.md).
  public static func ibp(epsilon: Float, region: Region) -> DefenceRecipe {
    DefenceRecipe(
      method: .ibp, epsilon: epsilon, region: region, rampStart: 0.06, rampEnd: 0.34, cleanShare: 0)
  }
}
