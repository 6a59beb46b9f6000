import Autograd
import Network

/// Aiming at one wrong label after the other, as APGD-T and FAB-T do: each image's likeliest first, by its
/// clean logits (Croce and Hein, "Reliable evaluation of adversarial robustness", ICML 2020, §4.1).
extension AttackTask {
  /// Aims at each image's likeliest wrong label, then at the next, with the images that still stand.
  ///
  /// - Parameter attack: the attacked images of a task that aims.
  func aimingInTurn(at count: Int, _ attack: (AttackTask) -> Tensor) -> Tensor {
    Standing.attacked(self) { standing in
      for turn in 0..<turns(count) where !standing.isEmpty {
        let part = standing.task
        standing.offer(attack(part.aimed(at: part.likeliestWrong(turn)).rekeyed(turn)))
      }
    }
  }

  /// How many wrong labels there are to aim at, `count` at the most.
  func turns(_ count: Int) -> Int { min(count, classifier.labelNames.count - 1) }

  /// Each image's wrong label of rank `turn` by the clean logits.
  func likeliestWrong(_ turn: Int) -> [Int] {
    AttackLoss.ranked(classifier.logits(images)).enumerated().map { row, order in
      order.filter { $0 != labels[row] }[turn]
    }
  }
}
