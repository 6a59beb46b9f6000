import Autograd
import Classifier
import Datasets
import Files
import Foundation
import Kernels
import Network
import TestSupport
import Testing

/// Trainings with a defence, and what a training without one must keep.
///
/// Serialized, since the number of threads belongs to the whole process.
@Suite(.serialized) struct DefenceTests {
  private static func recipe(
    _ architecture: ClassifierArchitecture, _ region: Region = .foreground
  ) -> ClassifierRecipe {
    var recipe = TinyImages.recipe(architecture)
    recipe.defence = .ibp(epsilon: 0.1, region: region)
    return recipe
  }

  private static func trainer(
    _ recipe: ClassifierRecipe, on images: LabeledImages = TinyImages.train,
    testedOn testImages: LabeledImages = TinyImages.test
  ) -> ClassifierTrainer {
    ClassifierTrainer(
      recipe, on: images, testedOn: testImages, defence: recipe.defence.map(training) ?? Undefended())
  }

  private static func training(_ defence: DefenceRecipe) -> any TrainingDefence {
    IntervalBoundTraining(
      epsilon: defence.epsilon, region: defence.region, ramp: defence.rampStart...defence.rampEnd,
      cleanShare: defence.cleanShare)
  }

  // MARK: - Reproducibility

  @Test(arguments: ClassifierArchitecture.allCases.filter(\.hasTrainingBounds), [[1], [2, 1, 3], [5]])
  func aStoppedTrainingEndsWithTheSameBytes(_ architecture: ClassifierArchitecture, stops: [Int]) throws {
    let recipe = Self.recipe(architecture)
    let through = Self.trainer(recipe)
    try through.finish()
    let old = Parallel.threads
    defer { Parallel.threads = old }
    Parallel.threads = 1
    try withTemporaryFolder { folder in
      let path = "\(folder)/state"
      var trainer = Self.trainer(recipe)
      for steps in stops {
        for _ in 0..<steps { try trainer.step() }
        try trainer.save(to: path, dataset: TinyImages.sha256)
        #expect(try ClassifierTrainer.recipe(at: path) == recipe)
        trainer = Self.trainer(recipe)
        try trainer.resume(from: path, dataset: TinyImages.sha256)
      }
      try trainer.finish()
      // Compared outside of the macro, which would look for the difference of unequal files for hours.
      let isEqual = trainer.bytes == through.bytes
      #expect(isEqual)
      #expect(trainer.history == through.history)
    }
  }

  /// Every figure of the defence counts, the ramp too.
  @Test func everyFigureChangesTheTraining() throws {
    func bytes(_ change: (inout DefenceRecipe) -> Void) throws -> Data {
      var recipe = Self.recipe(.dense)
      var defence = try #require(recipe.defence)
      change(&defence)
      recipe.defence = defence
      let trainer = Self.trainer(recipe)
      try trainer.finish()
      return trainer.bytes
    }
    let all = try [
      { _ in }, { $0.epsilon = 0.2 }, { $0.region = .everywhere }, { $0.rampStart = 0.2 },
      { $0.rampEnd = 0.6 },
      { $0.cleanShare = 0.25 },
    ].map { try bytes($0) }
    let count = Set(all).count
    #expect(count == all.count)
  }

  @Test func anotherDefenceIsRefused() throws {
    let changes: [(inout ClassifierRecipe) -> Void] = [
      { $0.defence = nil }, { $0.defence?.epsilon = 0.2 }, { $0.defence?.region = .everywhere },
      { $0.defence?.rampStart = 0 }, { $0.defence?.rampEnd = 1 }, { $0.defence?.cleanShare = 0.5 },
    ]
    try withTemporaryFolder { folder in
      let path = "\(folder)/state"
      try Self.trainer(Self.recipe(.dense)).save(to: path, dataset: TinyImages.sha256)
      for change in changes {
        var recipe = Self.recipe(.dense)
        change(&recipe)
        let trainer = Self.trainer(recipe)
        let error = #expect(throws: FileError.self) {
          try trainer.resume(from: path, dataset: TinyImages.sha256)
        }
        #expect(isMalformed(error) && error?.description.contains("the defence") == true)
      }
    }
  }

  @Test(arguments: [
    "\"epsilon\":-1", "\"epsilon\":1.5", "\"rampStart\":0.9", "\"rampEnd\":2", "\"cleanShare\":2",
  ])
  func anImpossibleDefenceIsRefused(figure: String) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/state"
      try Self.trainer(Self.recipe(.dense)).save(to: path, dataset: TinyImages.sha256)
      var file = try Safetensors(contentsOf: path)
      let name = try #require(figure.split(separator: ":").first)
      let progress = try #require(file.metadata["progress"])
      file.metadata["progress"] = progress.replacing(
        try Regex("\(name):[0-9.]+"), with: figure)
      try #require(file.metadata["progress"] != progress)
      try file.write(to: path)
      let error = #expect(throws: FileError.self) { try ClassifierTrainer.recipe(at: path) }
      #expect(isMalformed(error))
    }
  }

  // MARK: - Without a defence

  /// The recipes in the shipped weights were written before there were defences.
  @Test(arguments: ReferenceWeights.architectures)
  func aPlainRecipeIsStoredAsBefore(_ architecture: ClassifierArchitecture) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let text = String(decoding: try encoder.encode(ClassifierRecipe.reference(architecture)), as: UTF8.self)
    #expect(!text.contains("defence"))
    let stored = try Safetensors(contentsOf: ReferenceWeights.path(of: architecture)).metadata["training"]
    let manifest = try #require(stored)
    #expect(manifest.contains(text), "\(text) in \(manifest)")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    #expect(try decoder.decode(ClassifierRecipe.self, from: Data(text.utf8)) == .reference(architecture))
  }

  /// A plain training, written out as it was before there were defences.
  @Test(arguments: ClassifierArchitecture.allCases)
  func aPlainTrainingIsTheSameBytes(_ architecture: ClassifierArchitecture) throws {
    let recipe = TinyImages.recipe(architecture)
    let (images, key) = (TinyImages.train, Key(seed: recipe.seed))
    let classifier = NeuralClassifier(
      architecture, imageShape: [28, 28, 1], labelNames: images.labelNames, key: key.derived(0))
    let optimizer = Optimizer(Adam(decoupledDecay: recipe.weightDecay), classifier.network.parameters)
    for epoch in 1...recipe.epochs {
      let order = key.derived(epoch).permutation(images.count)
      for batch in 0..<4 {
        let batchKey = key.derived(epoch).derived(batch)
        let indices = Array(order[batch * 16..<min(60, batch * 16 + 16)])
        let x = recipe.augmentation.batch(images, indices, key: batchKey.derived(0))
        let (_, gradients) = valueAndGradients(of: classifier.network.parameters) {
          Loss.crossEntropy(
            classifier.logits(x, .training(batchKey.derived(1))), labels: images.labels(indices),
            smoothing: recipe.labelSmoothing)
        }
        let factor = recipe.schedule.factor(step: optimizer.stepCount, of: recipe.epochs * 4)
        optimizer.step(gradients, learningRate: recipe.learningRate * factor)
      }
    }
    let trainer = Self.trainer(recipe)
    try trainer.finish()
    let isEqual = trainer.bytes == classifier.file().encoded()
    #expect(isEqual)
  }

  // MARK: - What the training is for

  /// Two kinds of images that differ by 0.3 in every pixel, with noise: bounds can be learned, and are.
  @Test(arguments: ClassifierArchitecture.allCases.filter(\.hasTrainingBounds))
  func trainingOnBoundsMakesCertificates(_ architecture: ClassifierArchitecture) throws {
    let key = Key(seed: 17)
    let labels = (0..<64).map { UInt8($0 % 2) }
    let images = LabeledImages(
      name: "two", split: .train, height: 8, width: 8,
      pixels: (0..<64 * 64).map { index in
        let noise = UInt8(key.word(index) % 60)
        // The kinds differ in which half is the brighter one.
        let isBright = (index % 64 < 32) == (labels[index / 64] == 0)
        return (isBright ? 130 : 50) + noise
      }, labels: labels, labelNames: ["up", "down"])
    func certified(_ defence: DefenceRecipe?) throws -> (certified: Int, correct: Int) {
      var recipe = TinyImages.recipe(architecture)
      recipe.augmentation = .none
      recipe.labelSmoothing = 0
      recipe.epochs = 40
      recipe.defence = defence
      let trainer = Self.trainer(recipe, on: images, testedOn: images)
      while !trainer.isComplete { try trainer.step() }
      let indices = Array(0..<images.count)
      let box = Region.everywhere.box(around: images.tensor(indices), epsilon: Tensor(0.12))
      let margins = trainer.classifier.worstCaseMargins(
        box, labels: images.labels(indices), widening: 1e-4
      ).elements
      let count = indices.count { margins[$0 * 2 + 1 - Int(labels[$0])] > 0 }
      return (count, trainer.classifier.correctCount(on: images))
    }
    let defended = try certified(.ibp(epsilon: 0.12, region: .everywhere))
    let plain = try certified(nil)
    #expect(defended.certified > 60 && defended.correct == 64, "\(defended)")
    #expect(plain.certified < defended.certified && plain.correct == 64, "\(plain)")
  }
}
