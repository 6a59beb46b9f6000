// The command `eval-bench`: arguments, wiring and exit codes.
//
// Times are in seconds, rates in 10⁹ floating-point operations a second (GFLOP/s). It compares with nothing
// but the machine's own matrix multiplication; Benchmarks/compare_with_pytorch.py compares with PyTorch.

import ArgumentParser
import Files
import Foundation
import Kernels

struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval-bench",
    abstract: "Time training, attacks, inference and their kernels.",
    discussion: """
      Every case is warmed up, then timed; its fastest run counts. The table goes to stdout, progress to stderr.
      Exit codes: 0 done, 64 usage, 65 bad data, 66 input missing, 70 internal error, 73 cannot write.
      """)

  @Option(help: ArgumentHelp("Also write the times into this file (assay/benchmark/1).", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Only the cases whose name contains this text.", valueName: "text"))
  var filter: String?

  @Option(name: .customLong("case"), help: ArgumentHelp("Only the case of this name.", valueName: "name"))
  var name: String?

  @Option(help: "The least number of timed runs of a case; short ones are run more often.")
  var `repeat`: Int = 3

  @Option(help: "Threads to compute with.")
  var threads: Int = ProcessInfo.processInfo.activeProcessorCount

  @Option(
    help: ArgumentHelp(
      "The folder with the four IDX files of Fashion-MNIST; else it is looked for in $FASHION_MNIST_DIR, the "
        + "user's cache and Debian's package. Nothing is downloaded.", valueName: "dir"))
  var data: String?

  private var cases: [BenchmarkCase] {
    CaseCatalog.all.filter { benchmark in
      filter.map { benchmark.name.contains($0) } ?? true && name.map { benchmark.name == $0 } ?? true
    }
  }

  func validate() throws {
    guard `repeat` >= 1 else { throw ValidationError("--repeat: expected 1 or more runs, found \(`repeat`)") }
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads: expected a number from 1 to 256, found \(threads)")
    }
    guard !cases.isEmpty else {
      let known = CaseCatalog.all.map(\.name).joined(separator: ", ")
      throw ValidationError(
        name.map { "--case: expected one of \(known), found \($0)" }
          ?? "--filter: expected a part of one of \(known), found \(filter ?? "")")
    }
  }

  func run() throws {
    Parallel.threads = threads
    let library = try OpenBLAS.loaded.get()
    let images = BenchmarkImages(folder: data)
    var runner = try BenchmarkRunner(
      leastRuns: `repeat`, reference: CaseCatalog.reference, on: images)
    var measurements: [Measurement] = []
    for benchmark in cases {
      Console.error("\(benchmark.name): \(benchmark.summary)")
      measurements.append(try runner.measure(benchmark, on: images))
    }
    let report = BenchmarkReport(
      machine: Machine(library: library, operationsPerSecond: runner.referenceRate),
      measurements: measurements)
    print(report.table, terminator: "")
    if let json { try AtomicFile.write(report.json() + "\n", to: json) }
  }
}

@main
enum Main {
  static func main() {
    do {
      var command = try BenchCommand.parseAsRoot()
      try command.run()
    } catch {
      exit(ExitStatus.report(error))
    }
  }
}

/// The terminal: stdout belongs to the table, stderr to everything else.
enum Console {
  static func error(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}

/// How failures become exit codes (sysexits.h); the same codes as those of `eval`.
enum ExitStatus {
  static func report(_ error: any Error) -> Int32 {
    let code: Int32
    switch error {
    case FileError.malformed: code = 65
    case FileError.unwritable: code = 73
    case is FileError: code = 66
    case is OpenBLAS.LoadError: code = 66
    default:
      // Usage errors and help have codes and words of the parser's own; what else there is, is internal.
      let status = BenchCommand.exitCode(for: error)
      let message = BenchCommand.fullMessage(for: error)
      if status.isSuccess { print(message) } else { Console.error(message) }
      return status == .failure ? 70 : status.rawValue
    }
    Console.error("eval-bench: \(error)")
    return code
  }
}
