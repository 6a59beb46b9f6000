import Classifier
import Files
import Foundation
import Kernels
import Network
import TestSupport
import Testing

/// Files that are sound in form, and say what cannot be: nothing may trap, or ask for memory to match.
@Suite struct ImpossibleFileTests {
  // MARK: - Classifiers

  @Test(arguments: ClassifierArchitecture.allCases, [[28, 28, 1], [9, 31, 3], [1, 1, 1]])
  func theWeightsAreCountedWithoutMakingThem(_ architecture: ClassifierArchitecture, shape: [Int]) {
    let classifier = NeuralClassifier(
      architecture, imageShape: shape, labelNames: ["a", "b", "c"], key: Key(seed: 1))
    #expect(
      architecture.weightCount(imageShape: shape, labels: 3) == classifier.network.parameterCount.total)
  }

  /// 4096³ pixels would need a network of 35 terabytes.
  @Test(arguments: ClassifierArchitecture.allCases, ["[4096,4096,4096]", "[4096,4096,1]", "[28,28,2]"])
  func aHugeImageShapeIsMalformed(_ architecture: ClassifierArchitecture, shape: String) throws {
    try withTemporaryFolder { folder in
      var file = NeuralClassifier(
        architecture, imageShape: [28, 28, 1], labelNames: ["a", "b"], key: Key(seed: 1)
      ).file()
      file.metadata["image_shape"] = shape
      let path = "\(folder)/weights"
      try file.write(to: path)
      #expect(isMalformed(#expect(throws: FileError.self) { try NeuralClassifier(contentsOf: path) }))
    }
  }

  // MARK: - States of trainings

  struct Edit: Sendable, CustomStringConvertible {
    let description: String
    /// From a text of the progress to another one.
    let replacements: [String: String]

    init(_ description: String, _ replacements: [String: String]) {
      self.description = description
      self.replacements = replacements
    }
  }

  static let edits = [
    Edit("more batches than an epoch has", [#""batchesDone":1"#: #""batchesDone":99"#]),
    Edit("all batches, and not in the history", [#""batchesDone":1"#: #""batchesDone":4"#]),
    Edit("fewer than no batches", [#""batchesDone":1"#: #""batchesDone":-1"#]),
    Edit(
      "as many batches as there are numbers", [#""batchesDone":1"#: #""batchesDone":9223372036854775807"#]),
    Edit("fewer than no steps", [#""steps":1"#: #""steps":-5"#]),
    Edit("another number of steps", [#""steps":1"#: #""steps":2"#]),
    Edit("fewer than no hits", [#""correct":"#: #""correct":-"#]),
    Edit("no images a step", [#""batchSize":16"#: #""batchSize":0"#]),
    Edit("too many images a step", [#""batchSize":16"#: #""batchSize":9223372036854775807"#]),
    Edit("no epochs", [#""epochs":2"#: #""epochs":0"#]),
    Edit("too many epochs", [#""epochs":2"#: #""epochs":9223372036854775807"#]),
    Edit("a negative shift", [#""shift":2"#: #""shift":-1"#]),
    Edit("a shift out of all bounds", [#""shift":2"#: #""shift":4611686018427387904"#]),
    Edit("a negative rate", [#""learningRate":"#: #""learningRate":-"#]),
    Edit(
      "more epochs than there are",
      [
        #""history":[]"#: #""history":["#
          + [String](repeating: #"{"epoch":1,"loss":1,"testAccuracy":0,"trainAccuracy":0}"#, count: 3)
          .joined(separator: ",") + "]",
        #""steps":1"#: #""steps":13"#,
      ]),
  ]

  @Test(arguments: edits)
  func anImpossibleStateIsMalformed(_ edit: Edit) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/state"
      let trainer = ClassifierTrainer(
        TinyImages.recipe(.dense), on: TinyImages.train, testedOn: TinyImages.test)
      try trainer.step()
      try trainer.save(to: path, dataset: TinyImages.sha256)
      var file = try Safetensors(contentsOf: path)
      var progress = try #require(file.metadata["progress"])
      for (old, new) in edit.replacements {
        try #require(progress.contains(old), "no \(old) in \(progress)")
        progress = progress.replacingOccurrences(of: old, with: new)
      }
      file.metadata["progress"] = progress
      try file.write(to: path)

      // As the command does it: the recipe is the file's own.
      let error = #expect(throws: FileError.self) {
        let fresh = ClassifierTrainer(
          try ClassifierTrainer.recipe(at: path), on: TinyImages.train, testedOn: TinyImages.test)
        try fresh.resume(from: path, dataset: TinyImages.sha256)
      }
      #expect(isMalformed(error), "\(error as Any)")
    }
  }

  @Test func aDifferentRecipeIsNamedByItsFirstDifference() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/state"
      try ClassifierTrainer(TinyImages.recipe(.dense), on: TinyImages.train, testedOn: TinyImages.test)
        .save(to: path, dataset: TinyImages.sha256)
      var recipe = TinyImages.recipe(.dense)
      recipe.learningRate = 0.25
      recipe.seed = 9
      let trainer = ClassifierTrainer(recipe, on: TinyImages.train, testedOn: TinyImages.test)
      #expect(
        throws: FileError.malformed(
          path: path, expected: "a training with the learning rate 0.25", found: "one with 0.001")
      ) { try trainer.resume(from: path, dataset: TinyImages.sha256) }
      #expect(recipe.firstDifference(from: recipe) == nil)
    }
  }
}
