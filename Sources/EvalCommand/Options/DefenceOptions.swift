import Adversary
import ArgumentParser
import Classifier
import Network

extension DefenceRecipe.Method: ExpressibleByArgument {}

/// What a classifier is trained to withstand.
struct DefenceOptions: ParsableArguments {
  @Option(
    name: [.customLong("defence"), .customLong("adversarial")],
    help: "Train on attacked images (pgd, fgsm, trades) or on interval bounds, for certificates (ibp).")
  var defence: DefenceRecipe.Method?
  @Option(
    parsing: .unconditional,
    help: "The largest disturbance that the defence is for, in units of the pixel range 0...1; else 0.1.")
  var epsilon: Float?
  @Option(help: "The pixels that the defence is for; else everywhere.")
  var region: Region?
  @Option(
    parsing: .unconditional,
    help:
      "The weight of the clean images in the loss, from 0 to 1; not of trades. Where bounds grow, at their end."
  )
  var cleanShare: Float?

  func validate() throws {
    if let epsilon, !(0...1).contains(epsilon) {
      throw ValidationError("--epsilon: expected a number from 0 to 1, found \(epsilon)")
    }
    if let cleanShare, !(0...1).contains(cleanShare) {
      throw ValidationError("--clean-share: expected a number from 0 to 1, found \(cleanShare)")
    }
  }

  /// Refuses figures of a defence without one.
  ///
  /// - Parameter recipe: what the options change.
  func check(for recipe: DefenceRecipe?) throws {
    if cleanShare != nil, (defence ?? recipe?.method) == .trades {
      throw ValidationError("--clean-share: expected a defence other than trades, found trades")
    }
    guard defence == nil, recipe == nil else { return }
    for (name, isGiven) in [
      ("epsilon", epsilon != nil), ("region", region != nil), ("clean-share", cleanShare != nil),
    ]
    where isGiven {
      throw ValidationError("--\(name): expected --defence beside it, found none")
    }
  }

  /// The recipe's defence with the options that were given.
  func adjusted(_ recipe: DefenceRecipe?) -> DefenceRecipe? {
    guard let method = defence ?? recipe?.method else { return nil }
    var result = DefenceRecipe.standard(method, epsilon: 0.1, region: .everywhere)
    if let recipe, recipe.method == method { result = recipe }
    result.epsilon = epsilon ?? result.epsilon
    result.region = region ?? result.region
    result.cleanShare = cleanShare ?? result.cleanShare
    return result
  }
}

extension DefenceRecipe? {
  /// What the trainer is given for the recipe's defence.
  var training: any TrainingDefence {
    guard let self else { return Undefended() }
    return switch self.method {
    case .ibp:
      IntervalBoundTraining(
        epsilon: self.epsilon, region: self.region, ramp: self.rampStart...self.rampEnd,
        cleanShare: self.cleanShare)
    case .pgd:
      AdversarialTraining.pgd(
        epsilon: self.epsilon, region: self.region, steps: self.steps ?? 1, cleanShare: self.cleanShare)
    case .fgsm:
      AdversarialTraining.fgsm(epsilon: self.epsilon, region: self.region, cleanShare: self.cleanShare)
    case .trades:
      TradesTraining(
        epsilon: self.epsilon, region: self.region, steps: self.steps ?? 1, beta: self.beta ?? 0)
    }
  }
}
