import ArgumentParser
import Cluster
import Experiments
import Files
import FoundationEssentials
import Network

/// Several processes that train together.
struct ProcessOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Cut each batch into 1, 2, 4 or 8 lanes, whose gradients are added in a fixed order: so many processes can train "
        + "together (mpirun -n 4 eval train …), and any number of them writes the same bytes. 1 by default, 8 with several "
        + "processes.", valueName: "count"))
  var lanes: Int?

  func validate() throws {
    if let lanes, !Lanes.counts.contains(lanes) {
      throw ValidationError("--lanes: expected 1, 2, 4 or 8, found \(lanes)")
    }
  }

  /// The processes that a launcher has started for one training; nil for a single one.
  ///
  /// - Throws: `ValidationError` for an environment that is not clear; `FileError` where there is no MPI.
  func processes(
    _ environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> TrainingProcesses? {
    guard try Self.size(environment) > 1 else { return nil }
    return TrainingProcesses(try MPILibrary(environment["ASSAY_MPI"]))
  }

  /// Refuses several processes for what one has to train.
  static func checkAlone(_ what: String) throws {
    guard try size() == 1 else {
      throw ValidationError(
        "expected one process for the training of \(what), whose batch normalization takes the statistics of the whole "
          + "batch; found \(try size())")
    }
  }

  /// How many processes a launcher has started.
  static func size(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws -> Int {
    do {
      return try Launcher.ranks(in: environment)?.shard.count ?? 1
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// How many lanes a training has; nil for one.
  ///
  /// - Parameters:
  ///   - stored: of the training that goes on.
  ///   - processes: those that train together.
  /// - Throws: `ValidationError` where they cannot be shared out.
  func count(stored: Int?, _ processes: TrainingProcesses?) throws -> Int? {
    let size = processes?.size ?? 1
    let count = lanes ?? stored ?? (size > 1 ? Lanes.counts.last : nil)
    guard (count ?? 1) % size == 0 else {
      throw ValidationError(
        "expected 1, 2, 4 or 8 processes, at most one a lane (\(count ?? 1)), found \(size)")
    }
    return count == 1 ? nil : count
  }
}
