import Adversary
import Autograd
import Classifier
import Datasets
import Eval
import Kernels
import Network

/// Checks that the harness and the model do what the numbers assume: C1–C3, C11–C14, C16–C18, C23.
struct SoundnessChecks {
  let run: RobustnessRun
  let epsilon: Float
  /// The first images: what holds for every image shows on a few.
  private let x: Tensor
  private let labels: [Int]
  private let mask: Tensor

  static let count = 200

  init(_ run: RobustnessRun, epsilon: Float) {
    self.run = run
    self.epsilon = epsilon
    let indices = Array(0..<min(Self.count, run.images.count))
    x = run.images.tensor(indices)
    labels = run.images.labels(indices)
    mask = Region.foreground.mask(of: x)
  }

  /// - Parameters:
  ///   - results: of all attacks that images were made by.
  ///   - weights: the classifier's before the first attack.
  func checks(_ results: [AttackResult], weightsBefore weights: [String: [Float]]) -> [Check] {
    [identity, budget(results), consistency(results), gradients, trueLabels] + logitsAndDeterminism
      + [inference(weights), maskExactness(results), maskLimits, labelCount]
  }

  private func bits(_ tensor: Tensor) -> [UInt32] { tensor.elements.map(\.bitPattern) }

  /// As the attack makes them: the harness would put right what is to be seen here.
  private func attacked(_ attack: any Attack, mask: Tensor?, epsilon: Float) -> Tensor {
    let task = AttackTask(
      run.classifier, images: x, labels: labels, mask: mask,
      keys: labels.indices.map { Key(seed: run.seed).derived($0) })
    return attack.images(task, within: epsilon)
  }

  private var identity: Check {
    let attacks: [any Attack] = [SignNoise(), FGSM(), RobustnessRun.pgd, AutoAttack.linf]
    let changed = attacks.filter { bits(attacked($0, mask: nil, epsilon: 0)) != bits(x) }.map(\.name)
    return Check(
      "C1", "ε = 0 changes nothing, bit for bit", holds: changed.isEmpty,
      changed.isEmpty ? "\(attacks.count) attacks tried" : "changed by \(changed.joined(separator: ", "))")
  }

  private func budget(_ results: [AttackResult]) -> Check {
    let violations = results.reduce(0) { $0 + $1.violations }
    let images = results.reduce(0) { $0 + $1.right.count }
    return Check(
      "C2", "no attacked image is farther than ε or outside [0, 1]", holds: violations == 0,
      "\(violations) of \(images) images, as the attacks made them and measured anew")
  }

  private func consistency(_ results: [AttackResult]) -> Check {
    let changed = results.reduce(0) { $0 + $1.changedByBytes }
    let images = results.reduce(0) { $0 + $1.right.count }
    return Check(
      "C3", "success is counted by classifying the final images anew; stored as bytes they mean the same",
      holds: Double(changed) < 0.01 * Double(images), otherwise: .warning,
      "\(changed) of \(images) images change their label when rounded to bytes")
  }

  private var gradients: Check {
    let vanishing = VanishingGradients(of: run.classifier, on: x, labels: labels)
    return Check(
      "C11", "the gradient of cross-entropy does not vanish", holds: !vanishing.isAny, otherwise: .warning,
      "exactly 0 for \(vanishing.zero) and not a number for \(vanishing.notFinite) of \(vanishing.count) images"
    )
  }

  /// Where an image is mistaken as it is, the gradient of the prediction's loss would lead back to the true label.
  private var trueLabels: Check {
    let tracked = x.tracked()
    let logits = run.classifier.logits(tracked)
    let slope = gradient(
      of: AttackLoss.crossEntropy.values(logits, labels: labels, targets: nil).sum(), wrt: tracked)
    let mistaken = zip(logits.largestPerRow(), labels).count { $0 != $1 }
    let climbs = (attacked(FGSM(), mask: nil, epsilon: epsilon) - x) * slope
    return Check(
      "C16", "attacks go away from the true label, not from the prediction",
      holds: climbs.elements.allSatisfy { !($0 < 0) },
      "no pixel moves down the true label's loss under fgsm, on \(labels.count) images, \(mistaken) of them mistaken as they are"
    )
  }

  private var logitsAndDeterminism: [Check] {
    let outputs = (0..<5).map { _ in run.classifier.logits(x) }
    return [
      Check(
        "C12", "the model gives logits, not probabilities", holds: !outputs[0].looksLikeProbabilities,
        otherwise: .warning,
        outputs[0].looksLikeProbabilities
          ? "every row is within [0, 1] and sums to 1: gradients through softmax vanish"
          : "rows do not sum to 1"),
      Check(
        "C13", "the model gives the same answer each time",
        holds: outputs.allSatisfy { bits($0) == bits(outputs[0]) },
        "5 passes over \(labels.count) images"),
    ]
  }

  private func inference(_ before: [String: [Float]]) -> Check {
    let after = run.classifier.weights
    return Check(
      "C14", "the attacks leave the weights alone; dropout is off", holds: before == after,
      "\(after.values.reduce(0) { $0 + $1.count }) weights compared bit for bit")
  }

  private func maskExactness(_ results: [AttackResult]) -> Check {
    let masked = results.filter { $0.region == .foreground }
    return Check(
      "C17", "pixels outside the mask keep every bit",
      holds: masked.allSatisfy { $0.violations == 0 },
      "\(masked.reduce(0) { $0 + $1.right.count }) images of \(masked.count) attacks")
  }

  private var maskLimits: Check {
    let attack = RobustnessRun.pgd
    let isFree =
      bits(attacked(attack, mask: .ones(x.shape), epsilon: epsilon))
      == bits(attacked(attack, mask: nil, epsilon: epsilon))
    let isClosed = bits(attacked(attack, mask: .zeros(x.shape), epsilon: epsilon)) == bits(x)
    return Check(
      "C18", "a full mask is no mask, an empty one no attack, bit for bit", holds: isFree && isClosed,
      "\(attack.name) on \(labels.count) images: full \(isFree ? "equal" : "different"), empty \(isClosed ? "equal" : "different")"
    )
  }

  private var labelCount: Check {
    let count = run.classifier.labelNames.count
    return Check(
      "C23", "there are labels enough for the logit ratio (3, with targets 4)", holds: count >= 4,
      "\(count) labels")
  }
}

extension NeuralClassifier {
  /// All numbers of the network, by name.
  var weights: [String: [Float]] { network.entries().mapValues(\.values) }
}
