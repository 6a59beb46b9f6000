import Autograd
import Datasets
import Files
import FoundationEssentials
import Network

/// A training as a file, so that it can be continued where it stopped.
///
/// One safetensors file holds the weights, the optimizer's numbers, the counters and the history: it is
/// replaced whole, so a kill at any moment leaves the state before or the state after.
extension ClassifierTrainer {
  /// What is to be done where there is no state.
  package static let stateRemedy = "start a new training"

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

  /// Writes the state to a file.
  ///
  /// - Parameters:
  ///   - path: where it goes; a state that is there is replaced whole.
  ///   - dataset: SHA-256 of the training images; a training continues only on the same ones.
  /// - Throws: `FileError`: it cannot be written there, or a figure of the history is not a number.
  public func save(to path: String, dataset: String) throws(FileError) {
    let progress = Progress(
      recipe: recipe, dataset: dataset, history: history, batchesDone: batchesDone,
      steps: optimizer.stepCount, lossSum: lossSum, correct: correct)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let text = try? encoder.encode(progress) else {
      throw .unwritable(path: path, reason: "a figure of the history is not a number")
    }
    try Safetensors(
      entries: entries, metadata: ["format": Self.format, "progress": String(decoding: text, as: UTF8.self)]
    ).write(to: path)
  }

  /// Looks at what the last step has left behind, which no loss has seen yet.
  ///
  /// - Throws: ``Divergence`` for a weight, or a number that the optimizer keeps, that is not finite.
  public func checkWeights() throws(Divergence) {
    guard let name = entries.firstNotFinite else { return }
    throw Divergence(
      epoch: batchesDone > 0 ? epoch : max(1, epoch - 1),
      batch: batchesDone > 0 ? batchesDone : batchesPerEpoch,
      loss: nil, weight: name)
  }

  private var entries: [String: Safetensors.Entry] {
    classifier.network.entries(prefix: "network.").merging(optimizer.entries(prefix: "optimizer.")) { $1 }
  }

  /// Continues from the state at `path`.
  ///
  /// Only the number of epochs may be another, where the recipe ``ClassifierRecipe/goesOnAlike``: more of
  /// them then end with the same bytes as if they had been asked for from the start.
  ///
  /// - Throws: `FileError`: missing, not a training state, one that no training leaves behind, or one of
  ///   another recipe or data set; then nothing has changed.
  public func resume(from path: String, dataset: String) throws(FileError) {
    let file = try Safetensors(contentsOf: path, remedy: Self.stateRemedy)
    let progress = try Self.progress(file, path: path)
    try check(progress, path: path, dataset: dataset)
    try file.checkTrainable(path: path)
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
  ///
  /// - Throws: `FileError`: missing, unreadable, not a training state, or of a recipe that no training can
  ///   follow.
  public static func recipe(at path: String) throws(FileError) -> ClassifierRecipe {
    try progress(try Safetensors(contentsOf: path, remedy: Self.stateRemedy), path: path).recipe
  }

  private static func progress(_ file: Safetensors, path: String) throws(FileError) -> Progress {
    guard file.metadata["format"] == format, let text = file.metadata["progress"] else {
      throw .malformed(
        path: path, expected: "the state of a classifier's training (\(format))",
        found: file.metadata["format"] ?? "a file that does not say what it is")
    }
    let check = FieldCheck(path: path)
    let progress = try check.decoded(Progress.self, from: text)
    try progress.recipe.check(check)
    return progress
  }

  /// Whether the training that is stored is this one, and its counters are such as this one can have.
  private func check(_ progress: Progress, path: String, dataset: String) throws(FileError) {
    var stored = progress.recipe
    if recipe.goesOnAlike { stored.epochs = recipe.epochs }
    if let difference = recipe.firstDifference(from: stored) {
      let reason = difference.name == "epochs" ? ", and what a step does follows from how many are left" : ""
      throw .malformed(
        path: path, expected: "a training with the \(difference.name) \(difference.mine)",
        found: "one with \(difference.other)\(reason)")
    }
    guard progress.dataset == dataset else {
      throw .malformed(
        path: path, expected: "a training on the data set \(dataset)",
        found: "\(progress.dataset): other images, or another number of them")
    }
    let check = FieldCheck(path: path)
    let (history, batches) = (progress.history, progress.batchesDone)
    try check(
      history.count <= recipe.epochs, "history", "of at most \(recipe.epochs) epochs", found: history.count)
    for (index, result) in history.enumerated() {
      let name = "history.\(index)"
      try check(result.epoch == index + 1, "\(name).epoch", "\(index + 1)", found: result.epoch)
      try check(result.loss.isFinite, "\(name).loss", "finite", found: result.loss)
      for (field, share) in [
        ("trainAccuracy", result.trainAccuracy), ("testAccuracy", result.testAccuracy),
      ] { try check((0...1).contains(share), "\(name).\(field)", "from 0 to 1", found: share) }
    }
    let limit = history.count < recipe.epochs ? batchesPerEpoch : 1
    try check((0..<limit).contains(batches), "batchesDone", "from 0 to below \(limit)", found: batches)
    let steps = history.count * batchesPerEpoch + batches
    try check(
      progress.steps == steps, "steps", "\(steps) after \(history.count) epochs and \(batches) batches",
      found: progress.steps)
    let seen = min(images.count, batches * recipe.batchSize)
    try check(
      (0...seen).contains(progress.correct), "correct", "from 0 to \(seen)", found: progress.correct)
    try check(
      progress.lossSum.isFinite && (batches > 0 || progress.lossSum == 0), "lossSum",
      batches > 0 ? "finite" : "0 at the start of an epoch", found: progress.lossSum)
  }
}
