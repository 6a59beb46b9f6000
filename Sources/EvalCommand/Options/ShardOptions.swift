import ArgumentParser
import Cluster
import Experiments
import Files
import FoundationEssentials

/// Which part of its work a command does.
struct ShardOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Do only part I of N of the work, and write it as a file into --output; auto takes both from mpirun, Slurm, "
        + "Kubernetes or ASSAY_SHARD. eval merge puts the parts together.", valueName: "I/N|auto"))
  var shard: ShardArgument?

  /// The part of this process; nil for a process that does everything.
  ///
  /// - Throws: `ValidationError` where the launcher says nothing, something unclear, or something else.
  func resolved(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> Shard? {
    guard let shard else { return nil }
    let launcher: Launcher?
    do {
      launcher = try Launcher.found(in: environment)
    } catch {
      throw ValidationError("--shard: \(error)")
    }
    switch shard {
    case .auto:
      guard let launcher else {
        throw ValidationError(
          "--shard: expected a part such as 2/4, or the variables of a launcher; found none (ASSAY_SHARD, …)")
      }
      return launcher.shard
    case .part(let part):
      // Every process of the launcher would do the same part.
      if let launcher, launcher.shard.count > 1, launcher.shard != part {
        throw ValidationError(
          "--shard: expected auto or \(launcher.shard), which \(launcher.name) says; found \(part)")
      }
      return part
    }
  }
}

/// A part as it is written behind `--shard`.
enum ShardArgument: ExpressibleByArgument {
  case auto
  case part(Shard)

  init?(argument: String) {
    if argument == "auto" {
      self = .auto
    } else if let shard = Shard(argument) {
      self = .part(shard)
    } else {
      return nil
    }
  }
}

/// A command whose work can be done in parts.
protocol DividedCommand: ParsableCommand {
  var sharding: ShardOptions { get }
  /// Where parts go.
  var partsFolder: String? { get }
  /// Whether parts write more into their folder than their file, and the merge has to end there.
  static var hasPicturesInParts: Bool { get }

  func run(_ division: Division) throws
}

extension DividedCommand {
  static var hasPicturesInParts: Bool { false }

  /// All of the work, or the part that was asked for.
  func run() throws {
    guard let shard = try sharding.resolved() else { return try run(.alone) }
    guard let partsFolder else {
      throw ValidationError("--shard: expected --output, a folder that all parts are written into")
    }
    let configuration = PartConfiguration(
      version: EvalMain.configuration.version, command: SharedArguments.of(CommandLine.arguments))
    do {
      try run(Division(PartWriter(shard, in: partsFolder, configuration)))
    } catch let done as PartDone {
      let known = done.known > 0 ? ", \(done.known) of them from before" : ""
      try print(
        "\(done.path): part \(done.shard), \(Text.counted(done.pieces, "piece"))\(known); then: eval merge \(partsFolder)"
      )
    }
  }
}

/// The arguments that all parts of a piece of work have in common.
enum SharedArguments {
  /// Those that may differ from part to part, each with one value behind it.
  private static let own = ["--shard", "--threads", "--output", "--format"]

  /// The words of a command line behind the program's name, without those.
  static func of(_ words: [String]) -> [String] {
    var shared: [String] = []
    var isValue = false
    for word in words.dropFirst() {
      if isValue {
        isValue = false
      } else if own.contains(word) {
        isValue = true
      } else if !own.contains(where: { word.hasPrefix("\($0)=") }) {
        shared.append(word)
      }
    }
    return shared
  }
}
