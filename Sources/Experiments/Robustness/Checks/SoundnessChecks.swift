import Adversary
import Autograd
import Eval
import Network

/// Checks that the harness and the model do what the numbers assume: C1–C3, C11–C14, C16–C18, C23.
enum SoundnessChecks {
  static let all = [
    identity, budget, storage, gradients, logits, determinism, inference, trueLabels, maskExactness,
    maskLimits, labelCount,
  ]

  private static let identity = RobustnessCheck("C1", "ε = 0 changes nothing, bit for bit") { evidence in
    let (made, clean) = (evidence.soundness.atZero, evidence.soundness.images.bits)
    guard !made.isEmpty else { return .init(.notApplicable, "no attack was tried") }
    let changed = made.filter { !clean.starts(with: $0.images.bits) }.map(\.attack)
    return .init(
      holds: changed.isEmpty,
      changed.isEmpty
        ? "\(made.count) attacks tried on \(made[0].images.shape[0]) images"
        : "changed by \(changed.joined(separator: ", "))")
  }

  private static let budget = RobustnessCheck(
    "C2", "no attacked image is farther than ε or outside [0, 1]"
  ) { evidence in
    let violations = evidence.tried.reduce(0) { $0 + $1.violations }
    let images = evidence.tried.reduce(0) { $0 + $1.right.count }
    guard images > 0 else { return .init(.notApplicable, "no image was attacked") }
    return .init(
      holds: violations == 0,
      "\(violations) of \(images) images, as the attacks made them and measured anew")
  }

  private static let storage = RobustnessCheck(
    "C3", "success is counted by classifying the final images anew; stored as bytes they mean the same"
  ) { evidence in
    let changed = evidence.tried.reduce(0) { $0 + $1.changedByBytes }
    let images = evidence.tried.reduce(0) { $0 + $1.right.count }
    guard images > 0 else { return .init(.notApplicable, "no image was attacked") }
    return .init(
      holds: Double(changed) < 0.01 * Double(images), otherwise: .warning,
      "\(changed) of \(images) images change their label when rounded to bytes")
  }

  private static let gradients = RobustnessCheck(
    "C11", "the gradient of cross-entropy does not vanish"
  ) { evidence in
    let vanishing = evidence.soundness.vanishing
    return .init(
      holds: !vanishing.isAny, otherwise: .warning,
      "exactly 0 for \(vanishing.zero) and not a number for \(vanishing.notFinite) of \(vanishing.count) images"
    )
  }

  private static let logits = RobustnessCheck("C12", "the model gives logits, not probabilities") {
    evidence in
    let looksLikeProbabilities = evidence.soundness.outputs.first?.looksLikeProbabilities ?? false
    return .init(
      holds: !looksLikeProbabilities, otherwise: .warning,
      looksLikeProbabilities
        ? "every row is within [0, 1] and sums to 1: gradients through softmax vanish"
        : "rows do not sum to 1")
  }

  private static let determinism = RobustnessCheck("C13", "the model gives the same answer each time") {
    evidence in
    let outputs = evidence.soundness.outputs.map(\.bits)
    return .init(
      holds: outputs.allSatisfy { $0 == outputs.first },
      "\(outputs.count) passes over \(evidence.soundness.labels.count) images")
  }

  private static let inference = RobustnessCheck(
    "C14", "the attacks leave the weights alone; dropout is off"
  ) { evidence in
    let (before, after) = (evidence.soundness.weightsBefore, evidence.soundness.weightsAfter)
    guard !(before.isEmpty && after.isEmpty) else {
      return .init(.notApplicable, "the classifier does not show its weights")
    }
    return .init(
      holds: before == after, "\(after.values.reduce(0) { $0 + $1.count }) weights compared bit for bit")
  }

  /// Where an image is mistaken as it is, the gradient of the prediction's loss would lead back to the true
  /// label.
  private static let trueLabels = RobustnessCheck(
    "C16", "attacks go away from the true label, not from the prediction"
  ) { evidence in
    let (soundness, oneStep) = (evidence.soundness, evidence.soundness.oneStep)
    let predictions = soundness.outputs.first?.largestPerRow() ?? []
    let mistaken = zip(predictions, soundness.labels).count { $0 != $1 }
    let climbs = (oneStep.images - soundness.images) * soundness.slope
    return .init(
      holds: climbs.elements.allSatisfy { !($0 < 0) },
      "no pixel moves down the true label's loss under \(oneStep.attack), on \(soundness.labels.count) images, "
        + "\(mistaken) of them mistaken as they are")
  }

  private static let maskExactness = RobustnessCheck("C17", "pixels outside the mask keep every bit") {
    evidence in
    let masked = evidence.tried.filter { $0.region != .everywhere }
    guard !masked.isEmpty else { return .init(.notApplicable, "no attack had a mask") }
    return .init(
      holds: masked.allSatisfy { $0.violations == 0 },
      "\(masked.reduce(0) { $0 + $1.right.count }) images of \(masked.count) attacks")
  }

  private static let maskLimits = RobustnessCheck(
    "C18", "a full mask is no mask, an empty one no attack, bit for bit"
  ) { evidence in
    let soundness = evidence.soundness
    let isFree = soundness.fullMask.images.bits == soundness.unmasked.images.bits
    let isClosed = soundness.images.bits.starts(with: soundness.emptyMask.images.bits)
    func found(_ isEqual: Bool, _ made: SoundnessEvidence.Made) -> String {
      "\(isEqual ? "equal" : "different") on \(made.images.shape[0]) images"
    }
    return .init(
      holds: isFree && isClosed,
      "\(soundness.unmasked.attack): full \(found(isFree, soundness.fullMask)), "
        + "empty \(found(isClosed, soundness.emptyMask))")
  }

  private static let labelCount = RobustnessCheck(
    "C23", "there are labels enough for the logit ratio (3, with targets 4)"
  ) { evidence in
    .init(holds: evidence.labelCount >= 4, "\(evidence.labelCount) labels")
  }
}

extension Tensor {
  fileprivate var bits: [UInt32] { elements.map(\.bitPattern) }
}
