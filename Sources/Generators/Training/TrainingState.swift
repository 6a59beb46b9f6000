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
  /// - Throws: ``FileError``: missing, not a training state, or one of another recipe, batch, seed or data set; then
  ///   nothing has changed.
  public func resume(from path: String, dataset: String) throws(FileError) {
    let file = try Safetensors(contentsOf: path, remedy: "start without --resume")
    let progress = try Self.progress(file, path: path)
    let (mine, found) = (settings(dataset: dataset), progress.settings)
    let figures: [(name: String, mine: String, found: String)] = [
      ("recipe", mine.recipe, found.recipe), ("length", "\(mine.length)", "\(found.length)"),
      ("batch size", "\(mine.batchSize)", "\(found.batchSize)"), ("seed", "\(mine.seed)", "\(found.seed)"),
      ("data set", mine.dataset, found.dataset),
    ]
    if let other = figures.first(where: { $0.mine != $0.found }) {
      throw .malformed(
        path: path, expected: "a training with the \(other.name) \(other.mine)",
        found: "one with \(other.found)")
    }
    guard (0...totalSteps).contains(progress.stepsDone) else {
      throw .malformed(path: path, expected: "at most \(totalSteps) steps", found: "\(progress.stepsDone)")
    }
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

  private static func progress(_ file: Safetensors, path: String) throws(FileError) -> Progress {
    guard file.metadata["format"] == format, let text = file.metadata["progress"],
      let progress = try? JSONDecoder().decode(Progress.self, from: Data(text.utf8))
    else {
      throw .malformed(
        path: path, expected: "the state of a generator's training (\(format))",
        found: file.metadata["format"] ?? "a file that does not say what it is")
    }
    return progress
  }

  private var modules: [(name: String, module: any Module)] {
    method.modules + (averaged.map { [("averaged", $0)] } ?? [])
  }
}
