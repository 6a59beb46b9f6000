import Adversary
import Classifier
import Corruptions
import Datasets
import Eval
import Files
import Kernels
import Network

/// What the report says of one classifier.
struct ClassifierRobustness {
  let classifier: String
  let weightsSHA256: String
  let clean: [Bool]
  let attacks: [AttackResult]
  let certificates: [CertificateResult]
  let corruptions: [CorruptionResult]
  var checks: [Check]
  var verdicts: [Verdict]

  /// The attacks of L∞ whose images lie in a region; those of the foreground lie everywhere, too.
  func counted(in region: Region) -> [AttackResult] {
    attacks.filter { $0.norm == .linf && region.includes($0.region) }
  }

  /// What withstands every attack of L∞ in a region, of the images that AutoAttack was tried on. The attack that sees labels only
  /// counts where it was tried.
  func worstCase(_ region: Region) -> [Bool] {
    let counted = counted(in: region)
    let count = counted.first { $0.attack == AutoAttack.linf.name }?.right.count ?? clean.count
    return (0..<count).map { index in
      clean[index] && counted.allSatisfy { index >= $0.right.count || $0.right[index] }
    }
  }
}

/// A corruption at one severity.
struct CorruptionResult {
  let name: String
  let severity: Int
  let accuracy: Proportion
}

/// Runs the attacks and checks of the report on one classifier after the other.
struct RobustnessEvaluation {
  let images: LabeledImages
  /// In units of the pixel range [0, 1].
  let epsilon: Float
  /// Images for the slow attacks, and for those made on other classifiers.
  let slowLimit: Int
  let seed: UInt64
  /// The shipped classifiers, where they are of these images: undefended, and the source of images for transfer.
  let references: [NeuralClassifier]
  let corrupts: Bool
  let methods: [CertificationMethod]
  /// σ of randomized smoothing, in units of the pixel range [0, 1].
  let deviation: Float

  /// Images for the attack that sees labels only: it asks thousands of times an image.
  private static let fewest = 20

  /// - Parameter others: on which images for transfer are made, beside the references.
  func results(of classifier: NeuralClassifier, others: [NeuralClassifier]) throws -> ClassifierRobustness {
    let run = RobustnessRun(classifier: classifier, images: images, seed: seed)
    let weights = classifier.weights
    var known: Set = [classifier.weightsSHA256]
    let sources = (others + references).filter { known.insert($0.weightsSHA256).inserted }
    var attacks: [AttackResult] = []
    for region in [Region.everywhere, .foreground] {
      for attack in [SignNoise(), FGSM(), RobustnessRun.pgd] as [any Attack] {
        attacks.append(try run.attack(attack, region, epsilon: epsilon))
      }
      for source in sources {
        attacks.append(
          try run.attack(
            RobustnessRun.pgd, region, epsilon: epsilon, count: slowLimit, craftedOn: source))
      }
      let parts = try [AutoAttack.whiteBox, Square.linf].map { (attack: any Attack) in
        try run.attack(attack, region, epsilon: epsilon, count: slowLimit)
      }
      attacks += parts + [.combined(parts, as: AutoAttack.linf)]
    }
    attacks.append(
      try run.attack(HopSkipJump.linf, .everywhere, epsilon: epsilon, count: min(slowLimit, Self.fewest)))
    attacks.append(try run.attack(Spatial(), .everywhere, epsilon: 1, count: slowLimit))
    let clean = run.clean()
    let twin =
      references.first { $0.architecture == classifier.architecture }
      ?? references.first { $0.architecture == .conv }
    // AutoAttack follows from its parts.
    let tried = attacks.filter { $0.attack != AutoAttack.linf.name }
    let checks =
      SoundnessChecks(run, epsilon: epsilon).checks(tried, weightsBefore: weights)
      + (try StrengthChecks(run: run, epsilon: epsilon, twin: twin).checks(attacks))
    var result = ClassifierRobustness(
      classifier: classifier.name, weightsSHA256: classifier.weightsSHA256, clean: clean, attacks: attacks,
      certificates: try methods.flatMap { try certificates(of: classifier, by: $0) },
      corruptions: try corruptions(of: classifier), checks: checks, verdicts: [])
    result.checks += DisclosureChecks.checks(result)
    result.checks.sort { Int($0.number.dropFirst()) ?? 0 < Int($1.number.dropFirst()) ?? 0 }
    result.verdicts = verdicts(result)
    return result
  }

  private func verdicts(_ result: ClassifierRobustness) -> [Verdict] {
    var verdicts: [Verdict] = []
    for region in [Region.everywhere, .foreground] {
      let own = result.attacks.filter { $0.region == region && $0.norm == .linf && $0.craftedOn == nil }
      // Of the images that all three were tried on.
      let count =
        own.filter { ["fgsm", RobustnessRun.pgd.name, "autoattack"].contains($0.attack) }.map(\.right.count)
        .min() ?? 0
      func left(_ name: String) -> Proportion? {
        own.first { $0.attack == name }.map { Proportion(right: $0.right.prefix(count)) }
      }
      guard let fgsm = left("fgsm"),
        let strongest = ["autoattack", RobustnessRun.pgd.name].compactMap({ name in
          left(name).map { (name, $0) }
        })
        .min(by: { $0.1.value < $1.1.value })
      else { continue }
      // It looks robust, where one step leaves more than half of what is right clean; and is not, where more than half of that falls,
      // and more than chance can make of so many images.
      let isFalse =
        fgsm.value > Proportion(right: result.clean.prefix(count)).value / 2
        && strongest.1.value < fgsm.value / 2
        && strongest.1.interval.upperBound < fgsm.interval.lowerBound
      if isFalse {
        verdicts.append(
          .init(
            name: .falseWin,
            detail: "\(region.rawValue), of \(count) images: fgsm leaves \(Text.percent(fgsm.value)), "
              + "\(strongest.0) \(Text.percent(strongest.1.value)); what looks robust to one step is not"))
      }
    }
    let failed = result.checks.filter { $0.outcome == .fail }
    if !failed.isEmpty {
      // Attacks that are too weak make a number too high; a proof is below it whatever they do.
      let proven = result.certificates.filter { $0.method == .ibp && $0.accuracy.correct > 0 }
      verdicts.append(
        .init(
          name: .notTrusted,
          detail: "failed: " + failed.map { "\($0.number) (\($0.claim))" }.joined(separator: "; ")
            + proven.map {
              "; proven all the same, \($0.region.rawValue): \(Text.percent($0.accuracy.value))"
            }
            .joined()))
    }
    return verdicts
  }

  private func certificates(
    of classifier: NeuralClassifier, by method: CertificationMethod
  ) throws -> [CertificateResult] {
    let (images, epsilons) =
      switch method {
      case .ibp: (images, [epsilon])
      case .smoothing: (images.prefix(slowLimit), [0, deviation, 2 * deviation])
      }
    return try [Region.everywhere, .foreground].flatMap { region in
      let measurement = CertificateMeasurement(
        classifier: classifier, images: images, region: region, deviation: deviation, seed: seed)
      return zip(epsilons, try measurement.certified(by: method, epsilons: epsilons)).map {
        CertificateResult(
          method: method, settings: measurement.settings(of: method), epsilon: $0, region: region,
          certified: $1)
      }
    }
  }

  private func corruptions(of classifier: NeuralClassifier) throws -> [CorruptionResult] {
    guard corrupts else { return [] }
    let settings = CorruptionSetting.all
    var bar = ProgressBar("\(classifier.name) corruptions", total: settings.count, unit: "corruptions")
    defer { bar.finish() }
    return settings.enumerated().map { index, setting in
      let correct = classifier.correctCount(on: setting.applied(to: images, seed: seed))
      bar.show(index + 1)
      return CorruptionResult(
        name: setting.corruption.name, severity: setting.severity,
        accuracy: Proportion(correct: correct, count: images.count))
    }
  }

  /// Pictures of single images before and after PGD.
  func examples(_ classifier: NeuralClassifier, _ options: AttackOptions) -> ExampleSheet {
    let sweep = EpsilonSweep(
      RobustnessRun.pgd, region: .everywhere, epsilons: [epsilon], key: Key(seed: seed))
    return ExampleSheet(
      classifier, sweep, epsilon: Double(epsilon) * options.pixelRange.width,
      attack: options)
  }
}
