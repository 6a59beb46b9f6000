// An attack of one's own beside FGSM: two steps of half the length, each along a gradient of its own.

import Adversary
import Autograd
import Datasets
import Eval
import Experiments
import Kernels
import Network

struct TwoSteps: Attack {
  let name = "two-steps"
  let norm: Norm? = .linf
  let role = AttackRole.iterative
  let settings = "two steps of size ε/2"

  /// Gradients are masked and `projected` ends in [0, 1], so nothing moves that may not.
  func perturbation(_ task: AttackTask) -> Perturbation {
    .images { epsilon in
      (0..<2).reduce(task.images) { x, _ in
        let direction = Norm.linf.steepest(task.gradient(at: x, .crossEntropy).gradient)
        return task.projected(x + direction * (epsilon / 2), .linf, epsilon)
      }
    }
  }
}

try Computer.prepare()
let test = try DataSource().load(.test).prefix(200)
let conv = try ClassifierSource.load("conv", for: test)

// In units of pixels in [0, 1].
let epsilons: [Float] = [0.02, 0.05, 0.1]
for attack in [FGSM(), TwoSteps()] as [any Attack] {
  for outcome in try attack.run(on: conv, test, epsilons: epsilons, region: .foreground) {
    print("\(attack.name), ε = \(outcome.epsilon): \(outcome.robustAccuracy.correct) of \(test.count) right")
  }
}

// Whatever an attack makes, a sweep clips it, puts back the pixels outside the region, and takes the clean
// image in the place of one beyond ε. `repairs` counts where it had to.
let sweep = EpsilonSweep(TwoSteps(), region: .foreground, epsilons: epsilons)
var repairs = 0
sweep.forEachAttacked(of: conv, on: test) { batch in
  repairs += batch.repairs
  let change = batch.images - batch.clean
  let farthest = Norm.linf.lengths(of: change).max() ?? 0
  precondition(farthest < sweep.epsilons[batch.epsilonIndex] + 1e-6, "an image went farther than ε")
  let background = batch.clean.sign().scaled(by: -1, plus: 1)
  precondition(
    (change * background).elements.allSatisfy { $0 == 0 }, "a pixel outside the region has changed")
}
print("\(repairs) images had to be put right")
precondition(repairs == 0, "the attack has left its region or its ε")
