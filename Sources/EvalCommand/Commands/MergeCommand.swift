import ArgumentParser
import Cluster
import Files

/// `eval merge`: the result of work that was done in parts.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Put together what several processes have done with --shard.",
    discussion: """
      The folder holds the parts, part-1-of-4.assay and so on. They must be complete, and of the same command, data, \
      weights and version; a missing one is named with the command that makes it. What comes out is what one process \
      would have written, to the byte: the long part of the work is read instead of done. Run it where the parts were \
      made, or where the same paths lead to the same files.
      """)

  @Argument(help: ArgumentHelp("The folder of the parts.", valueName: "dir"))
  var folder: String
  @Option(
    help: ArgumentHelp("Where the results go; the folder of the parts by default.", valueName: "dir"))
  var output: String?
  @Option(help: "What to print on stdout.")
  var format: OutputFormat = .table
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    guard output?.isEmpty != true else {
      throw ValidationError("--output: expected a folder, found an empty name")
    }
  }

  func run() throws {
    let parts = try PartSet(folder) { configuration, shard in
      "make it with: eval "
        + (configuration.command + ["--shard", "\(shard)", "--output", folder]).shellLine
    }
    guard parts.configuration.version == EvalMain.configuration.version else {
      throw FileError.malformed(
        path: folder, expected: "parts of version \(EvalMain.configuration.version)",
        found: parts.configuration.version)
    }
    let own = ["--output", output ?? folder] + (compute.threads.map { ["--threads", "\($0)"] } ?? [])
    // Not every command has something to print in a format.
    let ways = [["--format", format.rawValue], []].lazy.compactMap {
      try? EvalMain.parseAsRoot(parts.configuration.command + own + $0)
    }
    guard let command = ways.first as? any DividedCommand else {
      throw FileError.malformed(
        path: folder, expected: "parts of a command that takes --shard",
        found: parts.configuration.command.shellLine)
    }
    if let output, type(of: command).hasPicturesInParts, output != folder {
      throw ValidationError("--output: expected \(folder), where the pictures are, found \(output)")
    }
    try command.run(Division(parts))
  }
}
