import Adversary
import Classifier
import Cluster
import Datasets
import Eval
import Kernels
import Network

/// How the first images fare under attacks that are run for the checks alone.
package struct StrengthEvidence {
  /// The longer search that PGD is held against.
  package struct Longer {
    package var usualSteps, usualRestarts, steps, restarts: Int
    package var accuracy: Proportion

    package init(usualSteps: Int, usualRestarts: Int, steps: Int, restarts: Int, accuracy: Proportion) {
      (self.usualSteps, self.usualRestarts) = (usualSteps, usualRestarts)
      (self.steps, self.restarts, self.accuracy) = (steps, restarts, accuracy)
    }
  }

  /// An undefended classifier of the same images.
  package struct Twin {
    package var name: String
    /// Right as they are, and under PGD.
    package var clean, attacked: Int

    package init(name: String, clean: Int, attacked: Int) {
      (self.name, self.clean, self.attacked) = (name, clean, attacked)
    }
  }

  /// Whether each image is right as it is.
  package var clean: [Bool]
  /// In units of the pixel range [0, 1]; the third is the ε of the report.
  package var sizes: [Float]
  /// Whether each image is right at each size under PGD, and under one step.
  package var pgd, oneStep: [[Bool]]
  /// Under PGD of 100 steps everywhere at ε = 1 and 0.5, and in the foreground at ε = 1.
  package var unbounded, halfWay, darkened: Proportion
  /// The share of the images that have the commonest label.
  package var largestLabel: Double
  /// Under the worst of 20 random signs.
  package var noise: Proportion
  package var longer: Longer
  /// Which images a single run of PGD fools on its way, and at its end.
  package var everFooled, lastFooled: [Bool]
  package var twin: Twin?
  /// How many times farther than the nearest mistake of a linear classifier each minimum-norm attack goes.
  package var linearRatios: [(attack: String, ratio: Double)]

  package init(
    clean: [Bool], sizes: [Float], pgd: [[Bool]], oneStep: [[Bool]], unbounded: Proportion,
    halfWay: Proportion, darkened: Proportion, largestLabel: Double, noise: Proportion, longer: Longer,
    everFooled: [Bool], lastFooled: [Bool], twin: Twin?, linearRatios: [(attack: String, ratio: Double)]
  ) {
    self.clean = clean
    self.sizes = sizes
    self.pgd = pgd
    self.oneStep = oneStep
    self.unbounded = unbounded
    self.halfWay = halfWay
    self.darkened = darkened
    self.largestLabel = largestLabel
    self.noise = noise
    self.longer = longer
    self.everFooled = everFooled
    self.lastFooled = lastFooled
    self.twin = twin
    self.linearRatios = linearRatios
  }

  /// Images that the checks' own attacks are run on.
  static let count = 500
}

extension StrengthEvidence {
  /// - Parameters:
  ///   - results: of the report, which need not be made anew.
  ///   - twin: an undefended classifier of the same images, where there is one.
  init(
    _ run: RobustnessRun, epsilon: Float, clean: [Bool], results: [AttackResult], twin: NeuralClassifier?
  ) throws {
    let few = min(Self.count, run.images.count)
    let factors: [Float] = [0.25, 0.5, 1, 2]
    let sizes = factors.map { min(1, $0 * epsilon) }
    func right(_ attack: any Attack, _ size: Float) throws -> [Bool] {
      let known = results.first {
        $0.role == attack.role && $0.norm == attack.norm && $0.region == .everywhere && $0.epsilon == size
          && $0.craftedOn == nil
      }
      return try known.map { Array($0.right.prefix(few)) }
        ?? run.attack(attack, .everywhere, epsilon: size, count: few).right
    }
    var far = ProjectedGradient.pgd
    (far.steps, far.relativeStep) = (100, 1.0 / 50)
    let usual = RobustnessRun.pgd
    var longer = usual
    (longer.steps, longer.restarts) = (usual.steps * 2, usual.restarts * 2)
    let fooled = try run.division.map(
      "\(run.classifier.name) \(usual.name) on its way", count: few,
      size: CurveMeasurement.pieceSize(usual), missing: [false, false], fits: { $0.count == 2 }
    ) { range in
      let indices = Array(range)
      let task = AttackTask(
        run.classifier, images: run.images.tensor(indices), labels: run.images.labels(indices),
        keys: indices.map { Key(seed: run.seed).derived($0) })
      let (ever, last) = usual.everAndLastFooled(task, epsilon: epsilon)
      return zip(ever, last).map { [$0, $1] }
    }
    self.init(
      clean: Array(clean.prefix(few)), sizes: sizes,
      pgd: try sizes.map { try right(usual, $0) }, oneStep: try sizes.map { try right(FGSM(), $0) },
      unbounded: try run.attack(far, .everywhere, epsilon: 1, count: few).accuracy,
      halfWay: try run.attack(far, .everywhere, epsilon: 0.5, count: few).accuracy,
      darkened: try run.attack(far, .foreground, epsilon: 1, count: few).accuracy,
      largestLabel: Double(run.images.prefix(few).countPerLabel.max() ?? 0) / Double(few),
      noise: try run.attack(
        Repeated(SignNoise(), times: 20), .everywhere, epsilon: epsilon, count: few
      ).accuracy,
      longer: Longer(
        usualSteps: usual.steps, usualRestarts: usual.restarts, steps: longer.steps,
        restarts: longer.restarts,
        accuracy: try run.attack(longer, .everywhere, epsilon: epsilon, count: few).accuracy),
      everFooled: fooled.map { $0[0] }, lastFooled: fooled.map { $0[1] },
      twin: try twin.map { try Self.control($0, run, epsilon: epsilon, count: few) },
      linearRatios: LinearControl(imageShape: run.classifier.imageShape).ratios())
  }

  private static func control(
    _ twin: NeuralClassifier, _ run: RobustnessRun, epsilon: Float, count: Int
  ) throws -> Twin {
    let images = run.images.prefix(count)
    let control = RobustnessRun(
      classifier: twin, images: images, predictions: twin.predictions(on: images), seed: run.seed,
      division: run.division, observer: run.observer)
    let attacked = try control.attack(RobustnessRun.pgd, .everywhere, epsilon: epsilon).accuracy
    return Twin(name: twin.name, clean: control.clean.count { $0 }, attacked: attacked.correct)
  }
}
