import Adversary
import Autograd
import Classifier
import Datasets
import Eval
import Kernels
import Network

/// One attack on one classifier in one region, image by image, with what the harness measured itself.
struct AttackResult {
  let attack: String
  let settings: String
  let norm: Norm?
  /// In units of the pixel range [0, 1].
  let epsilon: Float
  let region: Region
  /// The classifier that the images were made on, where it is another.
  let craftedOn: String?
  /// Whether each image got its true label, of the first images of the set.
  let right: [Bool]
  /// Images that went farther than ε, left [0, 1], or changed outside the mask, before the harness put that right or after.
  let violations: Int
  /// Images that are taken for something else when they are stored as bytes.
  let changedByBytes: Int

  var accuracy: Proportion { Proportion(right: right) }

  /// What an attack that tries others in turn leaves: what all of them do.
  static func combined(_ parts: [AttackResult], as attack: any Attack) -> AttackResult {
    let first = parts[0]
    precondition(
      parts.allSatisfy {
        ($0.norm, $0.epsilon, $0.region, $0.right.count)
          == (first.norm, first.epsilon, first.region, first.right.count) && $0.craftedOn == nil
      }, "AttackResult.combined: results that do not belong together")
    return AttackResult(
      attack: attack.name, settings: attack.settings, norm: attack.norm, epsilon: first.epsilon,
      region: first.region, craftedOn: nil,
      right: first.right.indices.map { index in parts.allSatisfy { $0.right[index] } }, violations: 0,
      changedByBytes: 0)
  }
}

/// Attacks one classifier and keeps what came of each image.
struct RobustnessRun {
  let classifier: NeuralClassifier
  let images: LabeledImages
  let seed: UInt64

  /// What the report takes for PGD.
  static let pgd = ProjectedGradient.pgdDecay

  /// - Parameter count: how many of the images, from the first on.
  func attack(
    _ attack: any Attack, _ region: Region, epsilon: Float, count: Int? = nil,
    craftedOn surrogate: NeuralClassifier? = nil
  ) throws -> AttackResult {
    let part = images.prefix(count ?? images.count)
    let sweep = EpsilonSweep(attack, region: region, epsilons: [epsilon], key: Key(seed: seed))
    var bar = ProgressBar(
      "\(classifier.name) \(attack.name) \(region.rawValue)", total: part.count, unit: "images")
    defer { bar.finish() }
    var right: [Bool] = []
    var (violations, changedByBytes) = (0, 0)
    sweep.forEachAttacked(of: classifier, craftedOn: surrogate, on: part) { batch in
      let predictions = classifier.predictions(batch.images)
      right += zip(predictions, part.labels(batch.indices)).map { $0 == $1 }
      violations += batch.repairs + Self.violations(batch, attack.norm, epsilon)
      let bytes = batch.images.scaled(by: 255, plus: 0.5).elements.map { $0.rounded(.down) / 255 }
      let stored = classifier.predictions(Tensor(bytes, shape: batch.images.shape))
      changedByBytes += zip(predictions, stored).count { $0 != $1 }
      bar.show(right.count)
    }
    return AttackResult(
      attack: attack.name, settings: attack.settings, norm: attack.norm, epsilon: epsilon, region: region,
      craftedOn: surrogate?.name, right: right, violations: violations, changedByBytes: changedByBytes)
  }

  /// Recomputed from the final images, whatever the attack says.
  private static func violations(_ batch: EpsilonSweep.Attacked, _ norm: Norm?, _ epsilon: Float) -> Int {
    let (clean, attacked) = (batch.clean.elements, batch.images.elements)
    let mask = batch.mask?.elements
    let size = clean.count / max(1, batch.indices.count)
    let lengths = norm?.lengths(of: batch.images - batch.clean)
    return batch.indices.indices.count { row in
      let isOutside = (row * size..<(row + 1) * size).contains { index in
        !(0...1).contains(attacked[index])
          || (mask.map { $0[index] == 0 } ?? false) && attacked[index].bitPattern != clean[index].bitPattern
      }
      let slack = norm?.slack(epsilon, size: size) ?? 0
      return isOutside || lengths.map { $0[row] > epsilon + slack } ?? false
    }
  }

  /// Whether each image is right as it is.
  func clean(count: Int? = nil) -> [Bool] {
    let part = images.prefix(count ?? images.count)
    return zip(classifier.predictions(on: part), part.labels).map { $0 == Int($1) }
  }
}
