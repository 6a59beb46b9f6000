import Autograd
import Datasets
import Generators
import Kernels
import Network
import Testing

/// Every recipe of the catalogue: its networks have the sizes of the sources, and a step changes what it
/// should.
@Suite struct RecipeTests {
  static let names = (RecipeCatalog.all + RecipeCatalog.givenUp).map(\.name)

  /// Weights in all and trained, as the source tables count them; embeddings, which the tables leave out,
  /// apart.
  static let counts: [String: (generator: (Int, Int), discriminator: (Int, Int))] = [
    "cgan-x": ((1_493_520 + 1000, 1_489_936 + 1000), (566_273 + 7840, 566_273 + 7840)),
    "cgan-y": ((2_229_249 + 1000, 2_227_841 + 1000), (1_492_993 + 7840, 1_492_993 + 7840)),
    "small-dcgan": ((1_340_929, 1_340_417), (75_137, 74_881)),
    // The collection's tables count what is trained.
    "gan": ((6_640_193 + 14_720, 6_640_193), (6_559_169 + 2304, 6_559_169)),
    "lsgan": ((6_640_193 + 14_720, 6_640_193), (6_559_169 + 2304, 6_559_169)),
    "cgan": ((6_650_433 + 14_720, 6_650_433), (6_569_409 + 2304, 6_569_409)),
    "acgan": ((6_650_433 + 14_720, 6_650_433), (6_569_419 + 2304, 6_569_419)),
    "infogan": ((6_652_481 + 14_720, 6_652_481), (6_571_469 + 2304, 6_571_469)),
    // 1,254,400 + 4·12,544 + 25·(256·128 + 128·64 + 64) + 4·(128 + 64); (25 + 1)·64 + (25·64 + 1)·128 + 6273
    "dcgan": ((2_330_944, 2_305_472), (212_865, 212_865)),
    // 101·256 + 257·512 + 513·1024 + 1025·2352 + 4·1792; 2353·1024 + 1025·512 + 513·256 + 257 + 4·1792
    "flower-gan": ((3_100_720, 3_097_136), (3_073_025, 3_069_441)),
  ]

  @Test(arguments: Array(counts.keys))
  func countsAreThoseOfTheSources(_ name: String) throws {
    let recipe = try #require(RecipeCatalog.named(name))
    let expected = try #require(Self.counts[name])
    guard case .adversarial(let game) = recipe.method else {
      Issue.record("\(name) has no discriminator")
      return
    }
    let (generator, discriminator) = (game.generator(Key(seed: 1)), game.discriminator(Key(seed: 2)))
    #expect(generator.parameterCount == expected.generator)
    #expect(discriminator.parameterCount == expected.discriminator)
  }

  @Test func namesAreUnique() { #expect(Set(Self.names).count == Self.names.count) }

  @Test(arguments: names)
  func oneStepMovesEveryWeightAndGivesImages(_ name: String) throws {
    let recipe = try #require(RecipeCatalog.named(name)).small()
    let trainer = GeneratorTrainer(recipe, on: TinyImages.of(recipe.channels), seed: 3)
    let before = trainer.generator.namedParameters.map { ($0.name, $0.parameter.value.elements) }
    let losses = try trainer.step().losses
    #expect(losses.isFinite && losses.values.count == 2)
    for ((name, old), parameter) in zip(before, trainer.generator.namedParameters.map(\.parameter)) {
      #expect(parameter.value.elements != old, "\(name) stays as it was")
    }
    let latent = recipe.latent(3, labels: [0, 4, 9], key: Key(seed: 5))
    let images = trainer.generator(latent, .inference)
    #expect(images.shape == [3, recipe.imageSize, recipe.imageSize, recipe.channels])
    #expect(images.elements.allSatisfy { (-1...1).contains($0) })
  }

  /// Folders have as many labels as they have.
  @Test(arguments: [1, 3, 12]) func colourIsDrawnForAnyNumberOfLabels(_ labels: Int) throws {
    let recipe = try #require(RecipeCatalog.named("colour-cgan")).small().adapted(toLabels: labels)
    #expect(recipe.labelCount == labels)
    let trainer = GeneratorTrainer(recipe, on: TinyImages.of(3, labels: labels), seed: 3)
    #expect(try trainer.step().losses.isFinite)
    let latent = recipe.latent(20, labels: nil, key: Key(seed: 5))
    #expect(latent.labels?.allSatisfy((0..<labels).contains) == true)
    #expect(trainer.generator(latent, .inference).shape == [20, 32, 32, 3])
    #expect(RecipeCatalog.named("cgan")?.adapted(toLabels: labels).labelCount == 10)
  }

  /// Only infoGAN finds labels by itself.
  @Test func theOthersAreToldTheLabelsOfTheData() {
    #expect(RecipeCatalog.all.filter { !$0.knowsLabels }.map(\.name) == ["infogan"])
  }
}

extension GeneratorRecipe {
  /// The recipe with batches that a test has time for.
  func small() -> GeneratorRecipe {
    var recipe = self
    recipe.batchSize = 8
    return recipe
  }
}

/// Images that are quickly made.
enum TinyImages {
  static let all = of(1)

  static func of(_ channels: Int, labels: Int = 10) -> LabeledImages {
    let count = 48
    var pixels = [UInt8](repeating: 0, count: count * 784 * channels)
    for i in 0..<count {
      for y in 6..<22 {
        for x in 6..<22 {
          for channel in 0..<channels {
            let value = (i * 37 + x * 11 + y * (i % 10) + channel * 50) % 256
            pixels[((i * 28 + y) * 28 + x) * channels + channel] = UInt8(value)
          }
        }
      }
    }
    return LabeledImages(
      name: "tiny", split: .train, height: 28, width: 28, channels: channels, pixels: pixels,
      labels: (0..<count).map { UInt8($0 % labels) },
      labelNames: (0..<labels).map { "label \($0)" }, sha256: "tiny")
  }
}
