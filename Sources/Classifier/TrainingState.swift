import Autograd
import Files
import Foundation
import Network

/// A training as a file, so that it can be continued where it stopped.
///
/// One safetensors file holds the weights, the optimizer's numbers, the counters and the history: it is replaced
/// whole, so a kill at any moment leaves the state before or the state after.
extension ClassifierTrainer {
  private static let format = "assay/classifier-training/1"

  private struct Progress: Codable {
    let recipe: ClassifierRecipe
    let dataset: String
    let history: [EpochResult]
    let batchesDone: Int
    let steps: Int
    let lossSum: Double
    let correct: Int
  }

  /// Writes the state to `path`.
  ///
  /// - Parameter dataset: SHA-256 of the training images; a training continues only on the same ones.
  public func save(to path: String, dataset: String) throws(FileError) {
    let progress = Progress(
      recipe: recipe, dataset: dataset, history: history, batchesDone: batchesDone,
      steps: optimizer.stepCount, lossSum: lossSum, correct: correct)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let text = try? encoder.encode(progress) else {
      throw .unwritable(path: path, reason: "a figure of the history is not a number")
    }
    var entries = classifier.network.entries(prefix: "network.")
    for (name, value) in optimizer.state {
      entries["optimizer.\(name)"] = Safetensors.Entry(shape: value.shape, values: value.elements)
    }
    try Safetensors(
      entries: entries, metadata: ["format": Self.format, "progress": String(decoding: text, as: UTF8.self)]
    ).write(to: path)
  }

  /// Continues from the state at `path`.
  ///
  /// - Throws: ``FileError``: missing, not a training state, or one of another recipe or data set.
  public func resume(from path: String, dataset: String) throws(FileError) {
    let file = try Safetensors(contentsOf: path, remedy: "start without --resume")
    let progress = try Self.progress(file, path: path)
    if let difference = recipe.firstDifference(from: progress.recipe) {
      throw .malformed(
        path: path, expected: "a training with the \(difference.name) \(difference.mine)",
        found: "one with \(difference.other)")
    }
    guard progress.dataset == dataset else {
      throw .malformed(
        path: path, expected: "a training on the data set \(dataset)", found: progress.dataset)
    }
    let (epochs, batches) = (progress.history.count, progress.batchesDone)
    guard epochs <= recipe.epochs, batches < (epochs < recipe.epochs ? batchesPerEpoch : 1),
      progress.steps == epochs * batchesPerEpoch + batches
    else {
      throw .malformed(
        path: path, expected: "at most \(recipe.epochs) epochs of \(batchesPerEpoch) steps",
        found: "\(epochs) epochs, \(batches) batches and \(progress.steps) steps")
    }
    var slots: [Tensor] = []
    for (name, value) in optimizer.state {
      slots.append(try file.tensor("optimizer.\(name)", shape: value.shape, path: path))
    }
    try classifier.network.load(file, path: path, prefix: "network.")
    optimizer.restore(slots, stepCount: progress.steps)
    history = progress.history
    batchesDone = progress.batchesDone
    lossSum = progress.lossSum
    correct = progress.correct
  }

  /// The recipe of the training stored at `path`.
  public static func recipe(at path: String) throws(FileError) -> ClassifierRecipe {
    try progress(try Safetensors(contentsOf: path, remedy: "start without --resume"), path: path).recipe
  }

  private static func progress(_ file: Safetensors, path: String) throws(FileError) -> Progress {
    guard file.metadata["format"] == format, let text = file.metadata["progress"],
      let progress = try? JSONDecoder().decode(Progress.self, from: Data(text.utf8))
    else {
      throw .malformed(
        path: path, expected: "the state of a classifier's training (\(format))",
        found: file.metadata["format"] ?? "a file that does not say what it is")
    }
    guard progress.recipe.isPossible, progress.batchesDone >= 0, progress.correct >= 0 else {
      throw .malformed(
        path: path, expected: "a possible recipe and counters of 0 or more",
        found: "epochs \(progress.recipe.epochs), batch size \(progress.recipe.batchSize), "
          + "shift \(progress.recipe.augmentation.shift), batches done \(progress.batchesDone), "
          + "defence \(progress.recipe.defence?.summary ?? "none")")
    }
    return progress
  }
}
