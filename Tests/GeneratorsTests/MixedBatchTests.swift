import Autograd
import Datasets
import Generators
import Kernels
import Network
import Synchronization
import Testing

/// Real and drawn images go through the discriminator together, for its batch normalization as one batch or
/// as two.
@Suite struct MixedBatchTests {
  /// Of one colour each, which a discriminator soon tells from what is drawn.
  private static let images = LabeledImages(
    name: "plain", split: .train, height: 28, width: 28, channels: 3,
    pixels: (0..<64 * 784).flatMap { place in [230, UInt8(place / 784), 40] },
    labels: [UInt8](repeating: 0, count: 64), labelNames: ["plain"])

  /// In a batch of their own drawn images would be normalized to look like real ones: the generator's loss
  /// would stay at a coin's ln 2 while the discriminator is certain, and nothing would be learnt.
  @Test func aCertainDiscriminatorIsSoInTheGeneratorsStepToo() throws {
    let trainer = GeneratorTrainer(
      try #require(RecipeCatalog.named("flower-gan")), on: Self.images, seed: 1)
    var certain = 0
    for _ in 0..<40 {
      let losses = try trainer.step().losses
      guard let own = losses["discriminator"], let other = losses["generator"], own < 0.5 else { continue }
      certain += 1
      #expect(other > 1.2, "discriminator \(own), generator \(other)")
    }
    #expect(certain > 0)
  }

  /// Writes down how many images it is shown at a time, and in how many batches.
  private final class Witness: DiscriminatorNetwork {
    struct Pass: Equatable, Sendable { let images, batches: Int }
    private static let seen = Mutex<[Pass]>([])
    private let score: Dense

    init(key: Key) { score = Dense(inputs: 784, outputs: 1, key: key) }
    var namedParameters: [(name: String, parameter: Parameter)] { score.namedParameters }

    func callAsFunction(_ images: Tensor, _ labels: [Int]?, _ pass: Network.Pass) -> Judgement {
      if case .training(_, let batches) = pass {
        Self.seen.withLock { $0.append(Pass(images: images.shape[0], batches: batches)) }
      }
      return Judgement(score: score(images.flattened(), pass).reshaped([images.shape[0]]))
    }

    static func passes(_ body: () throws -> Void) rethrows -> [Pass] {
      seen.withLock { $0 = [] }
      try body()
      return seen.withLock { $0 }
    }
  }

  @Test func realAndDrawnImagesAreOnePassOfOneBatchOrTwo() throws {
    var game = AdversarialRecipe(
      generator: { key in
        ChainGenerator(
          Sequential(["image": Dense(inputs: 4, outputs: 784, key: key), "reshape": Reshape([28, 28, 1])]))
      },
      discriminator: { Witness(key: $0) }, objective: LeastSquares(),
      generatorOptimizer: .adam(rate: 1e-3, beta1: 0.5, beta2: 0.999))
    let grey = LabeledImages(
      name: "grey", split: .train, height: 28, width: 28, pixels: [UInt8](repeating: 9, count: 100 * 784),
      labels: [UInt8](repeating: 0, count: 100), labelNames: ["grey"])
    func passes() throws -> [Witness.Pass] {
      let recipe = GeneratorRecipe(
        name: "mine", summary: "", citation: "", noise: .normal(size: 4), length: .steps(1),
        method: .adversarial(game))
      let trainer = GeneratorTrainer(recipe, on: grey, seed: 1)
      return try Witness.passes { _ = try trainer.step() }
    }
    #expect(try passes() == [Witness.Pass(images: 128, batches: 2), Witness.Pass(images: 64, batches: 1)])
    game.mixesBatches = true
    #expect(try passes() == [Witness.Pass(images: 128, batches: 1), Witness.Pass(images: 128, batches: 1)])
  }
}
