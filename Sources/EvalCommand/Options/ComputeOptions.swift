import ArgumentParser
import Experiments
import Files
import Glibc
import Reports

/// Options that every command that computes takes.
struct ComputeOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Threads to compute with; all processors by default. The results are the same for any number.")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...256).contains(threads) {
      throw ValidationError("--threads: expected a number from 1 to 256, found \(threads)")
    }
  }

  /// Sets the threads up and loads the matrix library, so that its absence is an error message.
  func prepare() throws {
    try Computer.prepare(threads: threads)
  }
}

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case table, json, csv

  func print(_ report: some ResultReport) throws {
    switch self {
    case .table: try EvalCommand.print(report.table(Console.layout))
    case .json: try EvalCommand.print(report.json())
    case .csv: try EvalCommand.print(report.csv, terminator: "")
    }
  }
}

/// Where results go.
struct OutputOptions: ParsableArguments {
  @Option(help: "What to print on stdout.")
  var format: OutputFormat = .table

  @Option(help: ArgumentHelp("Also write the results and their pictures into this folder.", valueName: "dir"))
  var output: String?

  func validate() throws {
    guard output?.isEmpty != true else {
      throw ValidationError("--output: expected a folder, found an empty name")
    }
  }

  /// Creates the output folder: what cannot be written shall be known before the work, not after it.
  func prepare() throws {
    if let output { try Self.create(output) }
  }

  static func create(_ folder: String) throws {
    try AtomicFile.createFolder(folder)
    guard access(folder, W_OK) == 0 else {
      throw FileError.unwritable(path: folder, reason: String(cString: strerror(errno)))
    }
  }
}
