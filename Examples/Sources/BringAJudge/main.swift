// A judge of one's own, from a network that is trained here; then figures of plain features, without a judge.

import Autograd
import Datasets
import Eval
import Experiments
import Files
import Kernels
import Network

/// A judge tells what it calls an image, and what it sees of it: here the numbers of the hidden layer.
struct MyJudge: FeatureClassifier {
  let name = "my-judge"
  let labelNames: [String]
  let imageShape = [28, 28, 1]
  let network: Sequential

  func logits(_ images: Tensor) -> Tensor { network(images, .inference) }

  func featuresAndLogits(_ images: Tensor) -> (features: Tensor, logits: Tensor) {
    let (features, logits) = network.outputs(of: "hidden", images, .inference)
    return (features, logits)
  }
}

try Computer.prepare()
let (train, test) = (try DataSource().load(.train).prefix(2000), try DataSource().load(.test).prefix(1000))

let key = Key(seed: 1)
let network = Sequential([
  "flatten": Flatten(),
  "hidden": Dense(inputs: 784, outputs: 64, activation: .relu, key: key.derived(0)),
  "logits": Dense(inputs: 64, outputs: train.labelNames.count, key: key.derived(1)),
])
let optimizer = Optimizer(Adam(), network.parameters)
for step in 0..<400 {
  let batch = Array(key.derived(2).derived(step).permutation(train.count).prefix(50))
  let (_, gradients) = valueAndGradients(of: network.parameters) {
    Loss.crossEntropy(
      network(train.tensor(batch), .training(key.derived(3).derived(step))), labels: train.labels(batch))
  }
  optimizer.step(gradients, learningRate: 1e-3)
}

func rounded(_ number: Double?) -> Double { ((number ?? .nan) * 1000).rounded() / 1000 }

// A distance compares only within one network: the weights are part of what a score names.
let sha256 = SHA256.hex(of: Safetensors(entries: network.entries()).encoded())
let judge = Judge(MyJudge(labelNames: train.labelNames, network: network), sha256: sha256)
let heldOut = test.prefix(500)
let others = test.at(Array(500..<1000)).tensor(Array(0..<500))
let faint = others * 0.5
var distances: [Double] = []
for (name, images) in [("real", others), ("faint", faint)] {
  let score = try Score.of(
    images: images, heldOut: heldOut, training: train, judges: [judge], source: name)
  let distance = score.judges["my-judge"]?[.frechetDistance]
  print("\(name): Fréchet distance \(rounded(distance?.value)) ± \(rounded(distance?.standardError))")
  distances.append(distance?.value ?? .nan)
}

/// Features `[N, d]` may be any numbers: here the mean of each row of pixels.
func rowMeans(_ images: Tensor) -> Matrix {
  let means = images.mean(axes: [2, 3])
  return Matrix(rows: means.shape[0], columns: means.shape[1], means.elements.map(Double.init))
}

let reference = rowMeans(heldOut.tensor(Array(0..<500)))
for (name, images) in [("real", others), ("faint", faint)] {
  let figures = try FeatureEvidence(real: reference, generated: rowMeans(images)).figures
  let (distance, error) = (rounded(figures.frechetDistance), rounded(figures.frechetError))
  print("\(name), by rows of pixels: Fréchet distance \(distance) ± \(error)")
  print("  precision \(figures.neighbors.precision), recall \(figures.neighbors.recall)")
  distances.append(figures.frechetDistance)
}

precondition(distances[1] > 2 * distances[0], "the judge does not see that images are faint")
precondition(distances[3] > 2 * distances[2], "the rows do not tell that images are faint")
