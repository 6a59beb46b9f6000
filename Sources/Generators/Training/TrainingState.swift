import Autograd
import Files
import Foundation
import Network

/// A generator's training as a file, so that it can be continued where it stopped.
///
/// One safetensors file holds all networks, the average, the optimizers' numbers, the counters and the journal: it is
/// replaced whole, so a kill at any moment leaves the state before or the state after.
extension GeneratorTrainer {
  private static let format = "assay/generator-training/2"

  /// What must be the same in the training that goes on.
  public struct Settings: Codable, Equatable, Sendable {
    public let recipe: String
    public let length: GeneratorRecipe.Length
    public let batchSize: Int
    public let seed: UInt64
    /// SHA-256 of the training images, and their number.
    public let dataset: String
  }

  struct Progress: Codable {
    let settings: Settings
    let stepsDone: Int
    let memory: ObjectiveMemory
    let journal: TrainingJournal
  }

  public func settings(dataset: String) -> Settings {
    Settings(
      recipe: recipe.name, length: recipe.length, batchSize: recipe.batchSize, seed: seed, dataset: dataset)
  }

  /// Writes the state to `path`.
  public func save(to path: String, dataset: String) throws(FileError) {
    let progress = Progress(
      settings: settings(dataset: dataset), stepsDone: stepsDone, memory: method.memory, journal: journal)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let text = try? encoder.encode(progress) else {
      throw .unwritable(path: path, reason: "a figure of the history is not a number")
    }
    var entries: [String: Safetensors.Entry] = [:]
    for (name, module) in modules { entries.merge(module.entries(prefix: "\(name).")) { $1 } }
    for (owner, optimizer, _) in method.optimizers {
      for (name, value) in optimizer.state {
        entries["\(owner).\(name)"] = Safetensors.Entry(shape: value.shape, values: value.elements)
      }
    }
    try Safetensors(
      entries: entries, metadata: ["format": Self.format, "progress": String(decoding: text, as: UTF8.self)]
    ).write(to: path)
  }

  /// Continues from the state at `path`.
  ///
  /// Only the length may be another, where the rates are constant: a longer training then ends with the same bytes as if
  /// that length had been asked for from the start.
  ///
  /// - Throws: ``FileError``: missing, not a training state, one that no training leaves behind, or one of another recipe,
  ///   batch, seed or data set; then nothing has changed.
  public func resume(from path: String, dataset: String) throws(FileError) {
    let file = try Safetensors(contentsOf: path, remedy: "start without --resume")
    let progress = try Self.progress(file, path: path)
    try check(progress, path: path, dataset: dataset)
    try file.checkTrainable(path: path)
    var states: [[Tensor]] = []
    for (owner, optimizer, _) in method.optimizers {
      var tensors: [Tensor] = []
      for (name, value) in optimizer.state {
        tensors.append(try file.tensor("\(owner).\(name)", shape: value.shape, path: path))
      }
      states.append(tensors)
    }
    // All of the modules are looked at before the first of them changes.
    for (owner, module) in modules {
      for (name, parameter) in module.namedParameters {
        _ = try file.tensor("\(owner).\(name)", shape: parameter.value.shape, path: path)
      }
    }
    for (name, module) in modules { try module.load(file, path: path, prefix: "\(name).") }
    for ((_, optimizer, stepsEach), state) in zip(method.optimizers, states) {
      optimizer.restore(state, stepCount: progress.stepsDone * stepsEach)
    }
    method.memory = progress.memory
    stepsDone = progress.stepsDone
    journal = progress.journal
  }

  /// The settings of the training stored at `path`.
  public static func settings(at path: String) throws(FileError) -> Settings {
    try progress(try Safetensors(contentsOf: path, remedy: "start without --resume"), path: path).settings
  }

  /// The steps after which the training stored at `path` made pictures; none where there is no such state.
  public static func snapshots(at path: String) -> [Int] {
    guard let file = try? Safetensors(contentsOf: path), let progress = try? progress(file, path: path) else {
      return []
    }
    return progress.journal.snapshots
  }

  private static func progress(_ file: Safetensors, path: String) throws(FileError) -> Progress {
    guard file.metadata["format"] == format, let text = file.metadata["progress"] else {
      throw .malformed(
        path: path, expected: "the state of a generator's training (\(format))",
        found: file.metadata["format"] ?? "a file that does not say what it is")
    }
    let check = FieldCheck(path: path)
    let progress = try check.decoded(Progress.self, from: text)
    let settings = progress.settings
    try check(
      (2...65_536).contains(settings.batchSize), "settings.batchSize", "from 2 to 65536",
      found: settings.batchSize)
    let length =
      switch settings.length {
      case .epochs(let count), .steps(let count): count
      }
    try check((1...1_000_000).contains(length), "settings.length", "from 1 to a million", found: length)
    try check(progress.stepsDone >= 0, "stepsDone", "of 0 or more", found: progress.stepsDone)
    return progress
  }

  /// Whether the training that is stored is this one, and its counters are such as this one can have.
  private func check(_ progress: Progress, path: String, dataset: String) throws(FileError) {
    let (mine, found) = (settings(dataset: dataset), progress.settings)
    let isAnyLengthAlike = recipe.schedule == .constant
    let figures: [(name: String, mine: String, found: String)] = [
      ("recipe", mine.recipe, found.recipe),
      ("length", "\(mine.length)", isAnyLengthAlike ? "\(mine.length)" : "\(found.length)"),
      ("batch size", "\(mine.batchSize)", "\(found.batchSize)"), ("seed", "\(mine.seed)", "\(found.seed)"),
      ("data set", mine.dataset, found.dataset),
    ]
    if let other = figures.first(where: { $0.mine != $0.found }) {
      let reason = other.name == "length" ? ", and the learning rates follow from how much is left" : ""
      throw .malformed(
        path: path, expected: "a training with the \(other.name) \(other.mine)",
        found: "one with \(other.found)\(reason)")
    }
    let check = FieldCheck(path: path)
    try check(
      (0...totalSteps).contains(progress.stepsDone), "stepsDone", "from 0 to \(totalSteps)",
      found: progress.stepsDone)
    try self.check(progress.memory, check, steps: progress.stepsDone % stepsPerEpoch)
    try progress.journal.check(
      check, recipe: recipe, lossNames: method.lossNames, stepsDone: progress.stepsDone)
  }

  /// - Parameter steps: of the epoch at work.
  private func check(_ memory: ObjectiveMemory, _ check: FieldCheck, steps: Int) throws(FileError) {
    guard recipe.remembers else {
      try check(memory == ObjectiveMemory(), "memory", "as at the start, for \(recipe.name)", found: memory)
      return
    }
    try check((0...1).contains(memory.balance), "memory.balance", "from 0 to 1", found: memory.balance)
    try check(memory.measureCount == steps, "memory.measureCount", "\(steps)", found: memory.measureCount)
    try check(
      memory.measureSum.isFinite && (steps > 0 || memory.measureSum == 0), "memory.measureSum",
      steps > 0 ? "finite" : "0 at the start of an epoch", found: memory.measureSum)
    let best = memory.bestMeasure ?? 0
    try check(best.isFinite, "memory.bestMeasure", "finite", found: best)
    try check(
      (0.1...1).contains(memory.rateFactor), "memory.rateFactor", "from 0.1 to 1", found: memory.rateFactor)
  }

  private var modules: [(name: String, module: any Module)] {
    method.modules + (averaged.map { [("averaged", $0)] } ?? [])
  }
}
