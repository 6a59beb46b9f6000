// A generator of one's own: networks and a recipe, a short training, a file, and images from that file.

import Autograd
import Datasets
import Experiments
import Files
import FoundationEssentials
import Generators
import Network

import struct Kernels.Key

/// Draws the left half of an image and mirrors it: clothes are much the same on both sides.
final class MirrorGenerator: GeneratorNetwork {
  private let layers: Sequential

  init(noise: Int, key: Key) {
    layers = Sequential([
      "hidden": Dense(inputs: noise, outputs: 256, activation: .relu, key: key.derived(0)),
      "half": Dense(inputs: 256, outputs: 28 * 14, key: key.derived(1)),
      "tanh": Tanh(),
      "shape": Reshape([28, 14, 1]),
    ])
  }

  var namedParameters: [(name: String, parameter: Parameter)] { layers.namedParameters }

  /// Pixels in [-1, 1], as every generator draws them.
  func callAsFunction(_ latent: Latent, _ pass: Pass) -> Tensor {
    let half = layers(latent.noise, pass)
    let columns = (0..<14).reversed().map {
      half.sliced(start: [0, 0, $0, 0], size: [half.shape[0], 28, 1, 1])
    }
    return .concatenate([half] + columns, axis: 2)
  }
}

/// A discriminator may be any chain of layers down to one number.
func discriminator(key: Key) -> ChainDiscriminator {
  ChainDiscriminator(
    Sequential([
      "flatten": Flatten(),
      "hidden": Dense(inputs: 784, outputs: 256, activation: .leakyRelu(slope: 0.2), key: key.derived(0)),
      "score": Dense(inputs: 256, outputs: 1, key: key.derived(1)),
    ]))
}

let recipe = GeneratorRecipe(
  name: "mirror-gan", summary: "draws half an image and mirrors it", citation: "this example",
  noise: .normal(size: 32), length: .steps(300),
  method: .adversarial(
    AdversarialRecipe(
      generator: { MirrorGenerator(noise: 32, key: $0) }, discriminator: { discriminator(key: $0) },
      objective: NonSaturating(), generatorOptimizer: .adam(rate: 5e-4, beta1: 0.5, beta2: 0.999))))

try Computer.prepare()
let trainer = GeneratorTrainer(recipe, on: try DataSource().load(.train).prefix(2000), seed: 1)
while !trainer.isComplete {
  let (losses, findings) = try trainer.step()
  if trainer.stepsDone % 100 == 0 { print("step \(trainer.stepsDone): \(losses)") }
  for finding in findings { print("  \(finding.detail)") }
}

let folder = FileManager.default.temporaryDirectory.appendingPathComponent("mirror-gan-\(UUID())").path
try AtomicFile.createFolder(folder)
defer { try? FileManager.default.removeItem(atPath: folder) }
let path = "\(folder)/generator.safetensors"
try Generator.file(trainer.shown, recipe, labelNames: [], manifest: "300 steps of an example").write(to: path)

// A file names its recipe only, so whoever reads it has to know the recipe.
let generator = try Generator(contentsOf: path, recipes: [recipe])
let images = generator.images(count: 4, key: Key(seed: 2))
print("\(generator.recipe.name) draws \(images.shape) with a mean of \(images.mean().scalar)")

let again = Generator.images(trainer.shown, recipe.latent(4, labels: nil, key: Key(seed: 2)))
precondition(images.elements == again.elements, "the file draws other images than what it was made of")
precondition(
  images.sliced(start: [0, 0, 0, 0], size: [4, 28, 1, 1]).elements
    == images.sliced(start: [0, 0, 27, 0], size: [4, 28, 1, 1]).elements, "the images are not mirrored")
