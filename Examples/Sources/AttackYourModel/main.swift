// A network of one's own: trained in a few lines, then attacked.

import Adversary
import Autograd
import Datasets
import Eval
import Experiments
import Network

// Not the whole module, which has a convolution of another kind.
import struct Kernels.Key

/// All that an attack wants to know of a classifier: logits, and what its labels are called.
struct MyModel: ImageClassifier {
  let name = "my-model"
  let labelNames: [String]
  let imageShape = [28, 28, 1]
  let network: Sequential

  func logits(_ images: Tensor) -> Tensor { network(images, .inference) }
}

try Computer.prepare()
let (train, test) = (try DataSource().load(.train).prefix(2000), try DataSource().load(.test).prefix(500))

let key = Key(seed: 1)
let network = Sequential([
  "flatten": Flatten(),
  "hidden": Dense(inputs: 784, outputs: 128, activation: .relu, key: key.derived(0)),
  "logits": Dense(inputs: 128, outputs: train.labelNames.count, key: key.derived(1)),
])
let optimizer = Optimizer(Adam(), network.parameters)
for epoch in 0..<10 {
  let shuffled = train.at(key.derived(2).derived(epoch).permutation(train.count))
  for batch in shuffled.batches(of: 50) {
    let (_, gradients) = valueAndGradients(of: network.parameters) {
      Loss.crossEntropy(
        network(shuffled.tensor(batch), .training(key.derived(3))), labels: shuffled.labels(batch))
    }
    optimizer.step(gradients, learningRate: 1e-3)
  }
}

/// A share with Wilson's 95 % interval.
func percent(_ share: Proportion) -> String {
  let figures = [share.value, share.interval.lowerBound, share.interval.upperBound]
  let texts = figures.map { "\((1000 * $0).rounded() / 10)" }
  return "\(texts[0]) % (\(texts[1])–\(texts[2]))"
}

// FGSM is the weakest attack along a gradient; what withstands it alone is not robust.
let model = MyModel(labelNames: train.labelNames, network: network)
let attacks: [any Attack] = [FGSM(), AutoPGD.crossEntropy]
var accuracies: [[Double]] = []
for attack in attacks {
  print("\(attack.name) on pixels brighter than black, ε in units of pixels in [0, 1]:")
  let outcomes = try attack.run(on: model, test, epsilons: [0, 0.02, 0.05, 0.1], region: .foreground)
  for outcome in outcomes { print("  ε = \(outcome.epsilon): accuracy \(percent(outcome.robustAccuracy))") }
  accuracies.append(outcomes.map(\.robustAccuracy.value))
}

precondition(accuracies[0][0] > 0.7, "the model has learnt too little to be worth an attack")
precondition(accuracies[1][3] < accuracies[0][3], "the stronger attack fools no more images than FGSM")
