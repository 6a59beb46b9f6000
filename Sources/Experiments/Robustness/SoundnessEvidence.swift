import Adversary
import Autograd
import Classifier
import Datasets
import Kernels
import Network

/// What a few images show of the harness and the model: what holds for every image shows on them.
package struct SoundnessEvidence {
  /// Attacked images `[N, H, W, C]` as an attack made them, where the harness would put right what is to be
  /// seen.
  package struct Made {
    package var attack: String
    package var images: Tensor

    package init(attack: String, images: Tensor) { (self.attack, self.images) = (attack, images) }
  }

  /// Clean images `[N, H, W, C]`, and their labels.
  package var images: Tensor
  package var labels: [Int]
  /// The first images at ε = 0.
  package var atZero: [Made]
  package var vanishing: VanishingGradients
  /// By one step away from the true labels.
  package var oneStep: Made
  /// ∂L/∂x at the clean images, L the true labels' loss.
  package var slope: Tensor
  /// Logits `[N, labels]` of the clean images, asked for again and again.
  package var outputs: [Tensor]
  /// All numbers of the network by name, before and after the attacks; empty where they are not known.
  package var weightsBefore, weightsAfter: [String: [Float]]
  /// By PGD under no mask, one that lets every pixel change, and one that lets none; of the first images in
  /// the last.
  package var unmasked, fullMask, emptyMask: Made

  package init(
    images: Tensor, labels: [Int], atZero: [Made], vanishing: VanishingGradients, oneStep: Made,
    slope: Tensor, outputs: [Tensor], weightsBefore: [String: [Float]], weightsAfter: [String: [Float]],
    unmasked: Made, fullMask: Made, emptyMask: Made
  ) {
    self.images = images
    self.labels = labels
    self.atZero = atZero
    self.vanishing = vanishing
    self.oneStep = oneStep
    self.slope = slope
    self.outputs = outputs
    self.weightsBefore = weightsBefore
    self.weightsAfter = weightsAfter
    self.unmasked = unmasked
    self.fullMask = fullMask
    self.emptyMask = emptyMask
  }

  static let count = 200
  /// Where nothing may change no image is ever fooled, and every attack goes on to its end.
  static let unchangedCount = 4

  /// - Parameter epsilon: in units of the pixel range [0, 1].
  /// - Throws: what the observer throws.
  init(_ run: RobustnessRun, epsilon: Float, weightsBefore: [String: [Float]]) throws {
    let count = min(Self.count, run.images.count)
    let few = min(Self.unchangedCount, count)
    let attacks: [any Attack] = [SignNoise(), FGSM(), RobustnessRun.pgd, AutoAttack.linf]
    var done = 0
    /// - Parameter value: of the mask at every pixel, where there is one.
    func made(
      _ attack: any Attack, of count: Int, mask value: Float? = nil, within epsilon: Float
    ) throws -> Made {
      let indices = Array(0..<count)
      let x = run.images.tensor(indices)
      let task = AttackTask(
        run.classifier, images: x, labels: run.images.labels(indices),
        mask: value.map { Tensor(repeating: $0, shape: x.shape) },
        keys: indices.map { Key(seed: run.seed).derived($0) })
      let made = Made(attack: attack.name, images: attack.images(task, within: epsilon))
      done += 1
      try run.observer.progress(
        WorkProgress("\(run.classifier.name) checks", done, of: attacks.count + 4, unit: "attacks"))
      return made
    }
    let x = run.images.tensor(Array(0..<count))
    let labels = run.images.labels(Array(0..<count))
    self.images = x
    self.labels = labels
    atZero = try attacks.map { try made($0, of: few, within: 0) }
    vanishing = VanishingGradients(of: run.classifier, on: x, labels: labels)
    let tracked = x.tracked()
    slope = gradient(
      of: AttackLoss.crossEntropy.values(run.classifier.logits(tracked), labels: labels, targets: nil).sum(),
      wrt: tracked)
    oneStep = try made(FGSM(), of: count, within: epsilon)
    outputs = (0..<5).map { _ in run.classifier.logits(x) }
    self.weightsBefore = weightsBefore
    weightsAfter = Self.weights(run.classifier)
    unmasked = try made(RobustnessRun.pgd, of: count, within: epsilon)
    fullMask = try made(RobustnessRun.pgd, of: count, mask: 1, within: epsilon)
    emptyMask = try made(RobustnessRun.pgd, of: few, mask: 0, within: epsilon)
  }

  /// All numbers of the network, by name; empty for a classifier of whatever other kind.
  static func weights(_ classifier: any ImageClassifier) -> [String: [Float]] {
    (classifier as? NeuralClassifier)?.network.entries().mapValues(\.values) ?? [:]
  }
}
