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
    help: "The largest disturbance that the defence is for, in units of the pixel range 0...1; else 0.1.",
    transform: EpsilonArgument.float)
  var epsilon: Float?
  @Option(help: "The pixels that the defence is for; else everywhere.")
  var region: DefenceRecipe.Region?
  @Option(
    parsing: .unconditional,
    help:
      "The weight of the clean images in the loss, from 0 to 1; not of trades. Where bounds grow, at their end."
  )
  var cleanShare: Float?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps of the attack on each batch, of pgd and trades.", valueName: "count"))
  var attackSteps: Int?

  func validate() throws {
    if let epsilon, !(epsilon > 0 && epsilon <= 1) {
      throw ValidationError("--epsilon: expected a number above 0, up to 1, found \(epsilon)")
    }
    if let cleanShare, !(0...1).contains(cleanShare) {
      throw ValidationError("--clean-share: expected a number from 0 to 1, found \(cleanShare)")
    }
    if let attackSteps, !(1...10_000).contains(attackSteps) {
      throw ValidationError("--attack-steps: expected 1 to 10000, found \(attackSteps)")
    }
  }

  /// Refuses figures of a defence without one, or of another.
  ///
  /// - Parameter recipe: what the options change.
  func check(for recipe: DefenceRecipe?) throws {
    let options: [(name: String, isGiven: Bool, methods: [DefenceRecipe.Method])] = [
      ("epsilon", epsilon != nil, DefenceRecipe.Method.allCases),
      ("region", region != nil, DefenceRecipe.Method.allCases),
      ("clean-share", cleanShare != nil, [.ibp, .pgd, .fgsm]),
      ("attack-steps", attackSteps != nil, [.pgd, .trades]),
    ]
    for option in options where option.isGiven {
      guard let method = defence ?? recipe?.method else {
        throw ValidationError("--\(option.name): expected --defence beside it, found none")
      }
      guard option.methods.contains(method) else {
        let known = option.methods.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--\(option.name): expected a defence of \(known), found \(method.rawValue)")
      }
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
    result.steps = attackSteps ?? result.steps
    return result
  }
}
