import Classifier
import Datasets
import Files
import Foundation
import Kernels
import Network

/// Images whose bytes follow from a fixed rule, with the labels 0, 1, …, 9, 0, …
enum TinyImages {
  /// `count` images of 28×28; another split has other pixels.
  static func images(_ count: Int = 60, split: Split = .train) -> LabeledImages {
    let key = Key(seed: split == .train ? 100 : 200)
    let size = 28 * 28
    // A third of the pixels is black, as in clothes on a black background.
    let pixels = (0..<count * size).map { index -> UInt8 in
      let word = key.word(index)
      return word % 3 == 0 ? 0 : UInt8(truncatingIfNeeded: word >> 8)
    }
    return LabeledImages(
      name: "tiny", split: split, height: 28, width: 28, pixels: pixels,
      labels: (0..<count).map { UInt8($0 % 10) }, labelNames: (0..<10).map(String.init))
  }

  static let train = images()
  static let test = images(20, split: .test)
  static let sha256 = "0123456789abcdef"

  /// Two epochs of four batches, the last of each with 12 images only; everything random is in use.
  static func recipe(_ architecture: ClassifierArchitecture, seed: UInt64 = 7) -> ClassifierRecipe {
    var recipe = ClassifierRecipe.reference(architecture)
    recipe.epochs = 2
    recipe.batchSize = 16
    recipe.learningRate = 1e-3
    recipe.schedule = .cosine
    recipe.optimizer = nil
    recipe.warmup = nil
    recipe.weightDecay = 0.01
    recipe.labelSmoothing = 0.1
    recipe.augmentation = Augmentation(
      mirrors: true, shift: 2, erasing: architecture == .resnet ? 0.5 : nil)
    recipe.seed = seed
    return recipe
  }
}

extension ClassifierTrainer {
  /// Trains to the end.
  func finish() throws {
    while !isComplete { try step() }
  }

  /// The weights as they would be stored.
  var bytes: Data { classifier.file().encoded() }
}

/// Whether `error` says that a file was read and is not what it should be.
func isMalformed(_ error: (any Error)?) -> Bool {
  if case .malformed? = error as? FileError { return true }
  return false
}
