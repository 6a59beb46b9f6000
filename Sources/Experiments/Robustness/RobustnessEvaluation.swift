import Adversary
import Classifier
import Cluster
import Corruptions
import Datasets
import Eval
import Network

/// Runs the attacks and checks of the report on one classifier.
struct RobustnessEvaluation {
  let experiment: RobustnessExperiment
  let run: RobustnessRun

  /// Images for the attack that sees labels only: it asks thousands of times an image.
  private static let fewest = 20

  private var classifier: any ImageClassifier { run.classifier }

  /// What the attacks and proofs have left of the images: the long part, which can be divided.
  struct Measured {
    /// All numbers of the network by name, before any attack.
    let weights: [String: [Float]]
    let attacks: [AttackResult]
    let strength: StrengthEvidence
    let certificates: [CertificateResult]
    let corruptions: [CorruptionResult]
  }

  /// - Parameter others: on which images for transfer are made, beside the references.
  func measured(others: [any ImageClassifier]) throws -> Measured {
    let weights = SoundnessEvidence.weights(classifier)
    let attacks = try attacks(others: others)
    let strength = try StrengthEvidence(
      run, epsilon: experiment.unitEpsilon, clean: run.clean, results: attacks, twin: twin)
    return Measured(
      weights: weights, attacks: attacks, strength: strength,
      certificates: try experiment.methods.flatMap(certificates), corruptions: try corruptions())
  }

  /// What is said of it, with checks on a few images.
  func result(_ measured: Measured) throws -> ClassifierRobustness {
    let evidence = RobustnessEvidence(
      labelCount: classifier.labelNames.count, epsilon: experiment.unitEpsilon, clean: run.clean,
      attacks: measured.attacks, certificates: measured.certificates,
      soundness: try SoundnessEvidence(
        run, epsilon: experiment.unitEpsilon, weightsBefore: measured.weights),
      strength: measured.strength)
    var result = ClassifierRobustness(
      classifier: classifier.name, weightsSHA256: ClassifierIdentity.sha256(classifier), clean: run.clean,
      attacks: measured.attacks, certificates: measured.certificates, corruptions: measured.corruptions,
      checks: RobustnessCheckCatalog.all.map { $0.check(evidence) })
    result.statements = RobustnessStatements.of(result)
    result.verdicts = RobustnessVerdictCatalog.all.flatMap { $0.given(result) }
    return result
  }

  private func attacks(others: [any ImageClassifier]) throws -> [AttackResult] {
    let (epsilon, slowLimit) = (experiment.unitEpsilon, experiment.slowLimit)
    var known: Set = [ClassifierIdentity.key(classifier)]
    let sources = (others + experiment.references).filter {
      known.insert(ClassifierIdentity.key($0)).inserted
    }
    var attacks: [AttackResult] = []
    for region in [FreePixels.everywhere, experiment.region] {
      for attack in [SignNoise(), FGSM(), RobustnessRun.pgd] as [any Attack] {
        attacks.append(try run.attack(attack, region, epsilon: epsilon))
      }
      for source in sources {
        attacks.append(
          try run.attack(
            RobustnessRun.transferred, region, epsilon: epsilon, count: slowLimit, craftedOn: source))
      }
      let parts = try [AutoAttack.whiteBox, Square.linf].map { (attack: any Attack) in
        try run.attack(attack, region, epsilon: epsilon, count: slowLimit)
      }
      attacks += parts + [.combined(parts, as: AutoAttack.linf)]
    }
    attacks.append(
      try run.attack(HopSkipJump.linf, .everywhere, epsilon: epsilon, count: min(slowLimit, Self.fewest)))
    attacks.append(try run.attack(Spatial(), .everywhere, epsilon: 1, count: slowLimit))
    return attacks
  }

  /// An undefended classifier of the same images, where there is one: of the same architecture, else `conv`.
  private var twin: NeuralClassifier? {
    let architecture = (classifier as? NeuralClassifier)?.architecture
    return experiment.references.first { $0.architecture == architecture }
      ?? experiment.references.first { $0.architecture == .conv }
  }

  private func certificates(by method: CertificationMethod) throws -> [CertificateResult] {
    let deviation = experiment.deviation
    let (images, epsilons) =
      switch method {
      case .ibp: (run.images, [experiment.unitEpsilon])
      case .smoothing: (run.images.prefix(experiment.slowLimit), [0, deviation, 2 * deviation])
      }
    return try [FreePixels.everywhere, experiment.region].flatMap { region in
      let measurement = CertificateMeasurement(
        classifier: classifier, images: images, region: region.prefix(images.count), deviation: deviation,
        seed: run.seed, division: run.division, observer: run.observer)
      return zip(epsilons, try measurement.certified(by: method, epsilons: epsilons)).map {
        CertificateResult(
          method: method, settings: measurement.settings(of: method), epsilon: $0, region: region,
          certified: $1)
      }
    }
  }

  private func corruptions() throws -> [CorruptionResult] {
    guard experiment.corrupts else { return [] }
    let settings = CorruptionSetting.all
    let label = "\(classifier.name) corruptions"
    let counts = try run.division.map(
      label, count: settings.count, size: 1, missing: 0, fits: { (0...run.images.count).contains($0) }
    ) { range in
      try range.map { index in
        let correct = classifier.correctCount(on: settings[index].applied(to: run.images, seed: run.seed))
        try run.observer.progress(WorkProgress(label, index + 1, of: settings.count, unit: "corruptions"))
        return correct
      }
    }
    return zip(settings, counts).map { setting, correct in
      CorruptionResult(
        name: setting.corruption.name, severity: setting.severity,
        accuracy: Proportion(correct: correct, count: run.images.count))
    }
  }
}
