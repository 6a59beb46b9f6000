import Autograd
import Files
import FoundationEssentials
import Kernels
import Network

/// A generator's training as a file, so that it can be continued where it stopped.
///
/// One safetensors file holds all networks, the average, the optimizers' numbers, the counters and the
/// journal: it is replaced whole, so a kill at any moment leaves the state before or the state after.
extension GeneratorTrainer {
  /// What is to be done where there is no state.
  package static let stateRemedy = "start a new training"

  private static let format = "assay/generator-training/2"

  /// What must be the same in the training that goes on.
  public struct Settings: Codable, Equatable, Sendable {
    /// The name of the recipe.
    public let recipe: String
    /// How long the training was to last; another one may be asked for where the rates are constant.
    public let length: GeneratorRecipe.Length
    /// Real images of a batch.
    public let batchSize: Int
    /// What everything random follows from.
    public let seed: UInt64
    /// SHA-256 of the training images, and their number.
    public let dataset: String
    /// ``GeneratorRecipe/isAugmented``; nil where it is not.
    public let augmented: Bool?
    /// ``ColorizerRecipe/l1Weight``; nil where it is 0.
    public let l1Weight: Float?
    /// Of the factors of products; nil for float32.
    public let precision: ProductPrecision?
  }

  struct Progress: Codable {
    let settings: Settings
    let stepsDone: Int
    let journal: TrainingJournal
  }

  /// What an objective remembers, beside the fields of ``Progress``.
  private struct Remembered<Memory: Codable>: Codable {
    let memory: Memory
  }

  /// Both as one object.
  private struct Stored: Encodable {
    let progress: Progress
    let remembered: any Encodable

    func encode(to encoder: any Encoder) throws {
      try progress.encode(to: encoder)
      try remembered.encode(to: encoder)
    }
  }

  /// What this format has in the place of a memory where the objective has none: BEGAN's at the start.
  private typealias NoMemory = BoundaryEquilibrium.Memory

  /// What a state of this training says of it.
  ///
  /// - Parameter dataset: what ``Settings/dataset`` is to be.
  public func settings(dataset: String) -> Settings {
    Settings(
      recipe: recipe.name, length: recipe.length, batchSize: recipe.batchSize, seed: seed, dataset: dataset,
      augmented: recipe.isAugmented ? true : nil,
      l1Weight: recipe.colorizing.flatMap { $0.l1Weight > 0 ? $0.l1Weight : nil },
      precision: recipe.precision == .float32 ? nil : recipe.precision)
  }

  /// Writes the state to `path`.
  ///
  /// - Throws: `FileError.unwritable(path:reason:)`; then the old file still is what it was.
  public func save(to path: String, dataset: String) throws(FileError) {
    let progress = Stored(
      progress: Progress(settings: settings(dataset: dataset), stepsDone: stepsDone, journal: journal),
      remembered: method.remembering.map { Self.remembered(by: $0) } ?? Remembered(memory: NoMemory()))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let text = try? encoder.encode(progress) else {
      throw .unwritable(path: path, reason: "a figure of the history is not a number")
    }
    try Safetensors(
      entries: entries, metadata: ["format": Self.format, "progress": String(decoding: text, as: UTF8.self)]
    ).write(to: path)
  }

  /// Looks at what the last step has left behind, which no loss has seen.
  ///
  /// - Throws: ``Divergence`` for a weight, or a number that an optimizer keeps, that is not finite.
  public func checkWeights() throws(Divergence) {
    guard let name = entries.firstNotFinite else { return }
    throw Divergence(step: stepsDone, losses: lastLosses ?? Losses([:]), weight: name)
  }

  private var entries: [String: Safetensors.Entry] {
    let parts =
      modules.map { $0.module.entries(prefix: "\($0.name).") }
      + method.optimizers.map { $0.optimizer.entries(prefix: "\($0.name).") }
    return parts.reduce(into: [:]) { $0.merge($1) { $1 } }
  }

  /// Continues from the state at `path`.
  ///
  /// Only the length may be another, where the rates are constant: a longer training then ends with the same
  /// bytes as if that length had been asked for from the start.
  ///
  /// - Throws: `FileError`: missing, not a training state, one that no training leaves behind, or one of
  ///   another recipe, batch, seed or data set; then nothing has changed.
  public func resume(from path: String, dataset: String) throws(FileError) {
    let file = try Safetensors(contentsOf: path, remedy: Self.stateRemedy)
    let (progress, text) = try Self.progress(file, path: path)
    try check(progress, path: path, dataset: dataset)
    let remembering = try restored(text, path: path, steps: progress.stepsDone % stepsPerEpoch)
    try progress.journal.check(
      FieldCheck(path: path), recipe: recipe, lossNames: method.lossNames, stepsDone: progress.stepsDone)
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
    method.remembering = remembering
    stepsDone = progress.stepsDone
    journal = progress.journal
  }

  /// The settings of the training stored at `path`.
  ///
  /// - Throws: `FileError`: missing, unreadable, or not a training state.
  public static func settings(at path: String) throws(FileError) -> Settings {
    try progress(try Safetensors(contentsOf: path, remedy: Self.stateRemedy), path: path).progress.settings
  }

  /// The steps after which the training stored at `path` made pictures; none where there is no such state.
  public static func snapshots(at path: String) -> [Int] {
    guard let file = try? Safetensors(contentsOf: path), let progress = try? progress(file, path: path) else {
      return []
    }
    return progress.progress.journal.snapshots
  }

  private static func progress(_ file: Safetensors, path: String) throws(FileError) -> (
    progress: Progress, text: String
  ) {
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
    return (progress, text)
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
      ("augmentation", mine.augmented == true ? "on" : "off", found.augmented == true ? "on" : "off"),
      (
        "precision", (mine.precision ?? .float32).rawValue, (found.precision ?? .float32).rawValue
      ),
      ("L1 weight", "\(mine.l1Weight ?? 0)", "\(found.l1Weight ?? 0)"),
    ]
    if let other = figures.first(where: { $0.mine != $0.found }) {
      let reason =
        switch other.name {
        case "length": ", and the learning rates follow from how much is left"
        case "data set": ": other images, or another number of them"
        default: ""
        }
      throw .malformed(
        path: path, expected: "a training with the \(other.name) \(other.mine)",
        found: "one with \(other.found)\(reason)")
    }
    let check = FieldCheck(path: path)
    try check(
      (0...totalSteps).contains(progress.stepsDone), "stepsDone", "from 0 to \(totalSteps)",
      found: progress.stepsDone)
  }

  private static func remembered(by objective: some RememberingObjective) -> any Encodable {
    Remembered(memory: objective.memory)
  }

  /// The objective with the memory that a state holds, where it remembers.
  ///
  /// - Parameters:
  ///   - text: the progress in the state.
  ///   - steps: of the epoch at work.
  private func restored(
    _ text: String, path: String, steps: Int
  ) throws(FileError) -> (any RememberingObjective)? {
    if let objective = method.remembering {
      return try Self.restored(objective, text, path: path, steps: steps)
    }
    let check = FieldCheck(path: path)
    let memory = try check.decoded(Remembered<NoMemory>.self, from: text).memory
    try check(memory == NoMemory(), "memory", "as at the start, for \(recipe.name)", found: memory)
    return nil
  }

  private static func restored<Remembering: RememberingObjective>(
    _ objective: Remembering, _ text: String, path: String, steps: Int
  ) throws(FileError) -> any RememberingObjective {
    let check = FieldCheck(path: path)
    let memory = try check.decoded(Remembered<Remembering.Memory>.self, from: text).memory
    if let fault = Remembering.fault(in: memory, steps: steps) {
      try check(false, "memory.\(fault.field)", fault.expected, found: fault.found)
    }
    var objective = objective
    objective.memory = memory
    return objective
  }

  private var modules: [(name: String, module: any Module)] {
    method.modules + (averaged.map { [("averaged", $0)] } ?? [])
  }
}
