import Adversary
import Datasets
import Eval
import Experiments
import Network

try Computer.prepare()
let (train, test) = (try DataSource().load(.train).prefix(2000), try DataSource().load(.test))
let (some, others) = (test.prefix(500), test.at(Array(500..<1000)))

// Attack a classifier: one of ours, or a type of yours that conforms to `ImageClassifier`.
let conv = try ClassifierSource.load("conv", for: test)
let attacked = try FGSM().run(on: conv, some, epsilons: [0.05, 0.1], region: .foreground)
for outcome in attacked { print("ε = \(outcome.epsilon): accuracy \(outcome.robustAccuracy.value)") }

// Judge images `[N, 28, 28, 1]`: these, or those that `Generator(contentsOf: path).images(count:key:)` draws.
let score = try Score.of(images: attacked[1].images, heldOut: others, training: train)
if let distance = score.judges["resnet"]?[.frechetDistance]?.value { print("Fréchet distance \(distance)") }
for verdict in score.verdicts { print("\(verdict.name.rawValue): \(verdict.detail)") }

// The README's lines end here. ε is in units of pixels in [0, 1].
precondition(
  attacked[1].robustAccuracy.value < attacked[0].robustAccuracy.value, "a larger ε leaves a higher accuracy")
precondition(
  score.verdicts.contains { $0.name == .unlikeTheReal }, "no judge sees that the images were attacked")
