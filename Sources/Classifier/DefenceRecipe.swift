import Network

/// The defence that a classifier is trained with, as far as it decides the weights.
public struct DefenceRecipe: Codable, Equatable, Sendable {
  /// The names of ``TrainingDefence``s, as on the command line. A new one is a line here and one where the command
  /// makes it.
  public enum Method: String, CaseIterable, Codable, Sendable {
    /// ``IntervalBoundTraining``
    case ibp
  }

  public var method: Method
  /// The size of the disturbances, in units of the pixel range [0, 1].
  public var epsilon: Float
  public var region: Region
  /// Between these shares of the training ε grows from 0.
  public var rampStart: Double
  public var rampEnd: Double
  /// The weight of the clean images' loss at the end of the ramp.
  public var cleanShare: Float

  /// Whether a training can follow the recipe at all.
  package var isPossible: Bool {
    (0...1).contains(epsilon) && (0...1).contains(cleanShare) && 0 <= rampStart && rampStart <= rampEnd
      && rampEnd <= 1
  }

  /// What the hidden layers start from.
  ///
  /// With Glorot's weights the radius of a box grows from layer to layer by the root of the number of inputs; with
  /// ``Initializer/intervalNormal`` it keeps its size (Shi et al., arXiv 2102.05363, §3.2).
  var hiddenInitializer: Initializer {
    switch method {
    case .ibp: .intervalNormal
    }
  }

  /// In one line, for tables and messages.
  public var summary: String {
    "\(method.rawValue) with ε \(epsilon) \(region.rawValue), ramp \(rampStart) to \(rampEnd), "
      + "clean share \(cleanShare)"
  }

  /// Interval bound propagation as Gowal et al. train MNIST (arXiv 1810.12715, appendix A): 2,000 steps without, then a ramp of
  /// 10,000 steps. In the 35,175 steps of the conv classifier's reference recipe these are the shares 0.06 and 0.34.
  /// κ ends at ½.
  public static func ibp(epsilon: Float, region: Region) -> DefenceRecipe {
    DefenceRecipe(
      method: .ibp, epsilon: epsilon, region: region, rampStart: 0.06, rampEnd: 0.34, cleanShare: 0.5)
  }
}
