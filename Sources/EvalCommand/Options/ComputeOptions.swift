import ArgumentParser
import Foundation
import Kernels

/// Options that every command that computes takes.
struct ComputeOptions: ParsableArguments {
  @Option(help: "Threads to compute with. The results are the same for any number.")
  var threads: Int = ProcessInfo.processInfo.activeProcessorCount

  func validate() throws {
    guard (1...256).contains(threads) else {
      throw ValidationError("--threads: expected a number from 1 to 256, found \(threads)")
    }
  }

  /// Sets the threads up and loads the matrix library, so that its absence is an error message.
  func prepare() throws {
    Parallel.threads = threads
    _ = try OpenBLAS.loaded.get()
  }
}

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case table, json, csv }

/// Where results go.
struct OutputOptions: ParsableArguments {
  @Option(help: "What to print on stdout.")
  var format: OutputFormat = .table

  @Option(help: ArgumentHelp("Also write the results and their pictures into this folder.", valueName: "dir"))
  var output: String?
}
