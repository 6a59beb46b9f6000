import Adversary
import Autograd
import Eval
import Experiments
import Files
import Network
import Testing

/// What somebody else writes: an attack and a classifier of their own, with what is public alone.
///
/// Halving steps: along the sign of the gradient, each half as long as the one before, from a random point of
/// the ball.
private struct HalvingSteps: Attack {
  let name = "halving-steps"
  let norm: Norm? = .linf
  let role = AttackRole.iterative
  let settings = "8 steps from ε/2 down by half, random start"

  func perturbation(_ task: AttackTask) -> Perturbation {
    .images { epsilon in
      let best = BestImages(task)
      var x = task.projected(task.images + task.random(.uniform, stream: 0) * epsilon, .linf, epsilon)
      var step = epsilon / 2
      for _ in 0..<8 {
        let point = best.task.gradient(at: x, .margin)
        if let left = best.offer(x, point.losses, point.logits) {
          guard !best.isDone else { break }
          x = Tensor.concatenate(
            left.map { x.sliced(start: [$0, 0, 0, 0], size: [1] + x.shape.dropFirst()) }, axis: 0)
          continue
        }
        x = best.task.projected(x + Norm.linf.steepest(point.gradient) * step, .linf, epsilon)
        step /= 2
      }
      return best.images
    }
  }
}

/// Tells bright images from dark ones.
private struct Brightness: ImageClassifier {
  let name = "brightness"
  let labelNames = ["dark", "bright"]
  let imageShape = [2, 2, 1]

  func logits(_ images: Tensor) -> Tensor {
    let mean = images.mean(axes: [1, 2, 3]).reshaped([images.shape[0], 1])
    return .concatenate([mean.scaled(by: -1, plus: 1), mean], axis: 1)
  }
}

/// The same, but its logits overflow for images of a mean near 0.3.
private struct Overflowing: ImageClassifier {
  let name = "overflowing"
  let labelNames = ["dark", "bright"]
  let imageShape = [2, 2, 1]

  func logits(_ images: Tensor) -> Tensor {
    let excess = images.mean(axes: [1, 2, 3]).elements.map { mean -> Float in
      (mean - 0.3).magnitude < 0.01 ? .infinity : 0
    }
    return Brightness().logits(images) + Tensor(excess, shape: [images.shape[0], 1])
  }
}

@Suite struct CustomAttackTests {
  private let images = Tensor(
    [0.1, 0.45, 0.55, 0.9].flatMap { [Float](repeating: $0, count: 4) }, shape: [4, 2, 2, 1])
  private let labels = [0, 0, 1, 1]

  /// Only the two images within 0.05 of grey can be fooled by 0.1.
  @Test(arguments: [HalvingSteps(), FGSM(), FAB.linf] as [any Attack])
  func oneCallAttacksImages(_ attack: any Attack) throws {
    let outcomes = try attack.run(on: Brightness(), images, labels: labels, epsilons: [0, 0.1, 1])
    #expect(
      outcomes.map(\.isFooled) == [
        [false, false, false, false], [false, true, true, false], [true, true, true, true],
      ])
    #expect(outcomes[1].robustAccuracy.value == 0.5 && outcomes[1].robustAccuracy.count == 4)
    #expect(Norm.linf.lengths(of: outcomes[1].images - images).allSatisfy { $0 <= 0.1001 })
    #expect(outcomes[0].images.elements == images.elements)
  }

  @Test func aMaskOfOnesOwnIsKept() throws {
    let mask = Tensor((0..<16).map { $0 % 4 == 0 ? 1 : 0 }, shape: images.shape)
    let outcome = try FGSM().run(on: Brightness(), images, labels: labels, epsilons: [0.3], mask: mask)[0]
    let changed = zip(outcome.images.elements, images.elements).map { $0 != $1 }
    #expect(changed == mask.elements.map { $0 == 1 })
  }

  @Test func progressCanStop() {
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      _ = try FGSM().run(on: Brightness(), images, labels: labels, epsilons: [0.1]) { _ in throw Stop() }
    }
  }

  /// Clean images are fine; one that an attack has brightened is not, and gets no label by accident.
  @Test func anOverflowOnAttackedImagesIsNamed() throws {
    let (attack, classifier) = (FGSM(), Overflowing())
    let outcome = try attack.run(on: classifier, images, labels: labels, epsilons: [0])[0]
    #expect(outcome.robustAccuracy.value == 1)
    let error = #expect(throws: FileError.self) {
      try attack.run(on: classifier, images, labels: labels, epsilons: [0.2])
    }
    #expect(
      error
        == .malformed(
          path: "overflowing", expected: "logits that are finite numbers",
          found: "others for 1 of 4 attacked images"))
  }
}
