import Adversary
import Autograd
import Cluster
import Datasets
import Kernels
import Network

/// Attacks one classifier and keeps what came of each image.
struct RobustnessRun {
  let classifier: any ImageClassifier
  let images: LabeledImages
  /// What the classifier takes the images for as they are.
  let predictions: [Int]
  let seed: UInt64
  let division: Division
  let observer: Observer

  /// What came of a piece of the images.
  private struct Piece: Codable {
    var right: [Bool] = []
    var violations = 0
    var changedByBytes = 0
  }

  /// What the report takes for PGD.
  static let pgd = ProjectedGradient.pgdDecay
  /// What images are made by on one classifier to be tried on another: the momentum keeps the search from
  /// ending in what is particular to the first (Dong et al. 2018, §4.2). It does about as well as ``pgd`` at
  /// a twelfth of the steps (docs/results/robustness.md).
  static let transferred = ProjectedGradient.momentum

  /// Whether each image is right as it is.
  var clean: [Bool] { zip(predictions, images.labels).map { $0 == Int($1) } }

  /// - Parameters:
  ///   - region: of all images, where it is a mask.
  ///   - count: how many of the images, from the first on.
  func attack(
    _ attack: any Attack, _ region: FreePixels, epsilon: Float, count: Int? = nil,
    craftedOn surrogate: (any ImageClassifier)? = nil
  ) throws -> AttackResult {
    let part = images.prefix(count ?? images.count)
    let sweep = EpsilonSweep(
      attack, region: region.prefix(part.count), epsilons: [epsilon], key: Key(seed: seed))
    let origin = surrogate.map { "made on \($0.name) " } ?? ""
    let label = "\(classifier.name) \(attack.name) \(origin)\(region.name)"
    let size = CurveMeasurement.pieceSize(attack)
    let pieces = try division.pieces(
      label, count: part.count, size: size, fits: { $0.right.count == $1.count }
    ) { range in
      var piece = Piece()
      func report() throws {
        try observer.progress(
          WorkProgress(label, range.lowerBound + piece.right.count, of: part.count, unit: "images"))
      }
      try report()
      try sweep.forEachAttacked(
        of: classifier, craftedOn: surrogate, on: part, in: range,
        clean: Array(predictions.prefix(part.count))
      ) { batch in
        let predictions = try classifier.checkedPredictions(ofAttacked: batch.images)
        piece.right += zip(predictions, part.labels(batch.indices)).map { $0 == $1 }
        piece.violations += batch.repairs + Self.violations(batch, attack.norm, epsilon)
        let bytes = batch.images.scaled(by: 255, plus: 0.5).elements.map { $0.rounded(.down) / 255 }
        let stored = classifier.predictions(Tensor(bytes, shape: batch.images.shape))
        piece.changedByBytes += zip(predictions, stored).count { $0 != $1 }
        try report()
      }
      return piece
    }
    let right = pieces.enumerated().flatMap { place, piece in
      piece?.right ?? [Bool](repeating: false, count: min(size, part.count - place * size))
    }
    return AttackResult(
      attack, epsilon: epsilon, region: region, craftedOn: surrogate?.name, right: right,
      violations: pieces.reduce(0) { $0 + ($1?.violations ?? 0) },
      changedByBytes: pieces.reduce(0) { $0 + ($1?.changedByBytes ?? 0) })
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
}
