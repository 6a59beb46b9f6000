import ArgumentParser
import Datasets
import Experiments
import Files
import FoundationEssentials
import Reports

/// `eval doctor`: whether this machine is ready, and how fast it is.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check the processor, the matrix library, the data and the reference weights.",
    discussion: "Exits with 0 where everything is in order, with 66 where something is missing.")

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var compute: ComputeOptions

  func run() throws {
    try compute.prepare()
    let report = MachineReport(
      data: data.source, folder: output.output ?? FileManager.default.currentDirectoryPath,
      remedy: Self.remedy)
    if let folder = output.output {
      try AtomicFile.write(MachineTable.json(report) + "\n", to: "\(folder)/doctor.json")
    }
    switch output.format {
    case .json: try print(MachineTable.json(report))
    case .table: try print(MachineTable.text(report, Console.layout))
    case .csv: throw ValidationError("--format: expected table or json, found csv")
    }
    if !report.ok { throw ExitCode(66) }
  }

  private static func remedy(_ fault: MachineReport.Fault) -> String {
    switch fault {
    case .noDataset(let dataset):
      "\(dataset.name): not found; "
        + (dataset.debianPackage.map { "apt-get install \($0), or " } ?? "") + "name its folder with --data"
    case .file(let error): "\(error.inWordsOfOptions)"
    case .unwritable(let folder): "\(folder): cannot be written to; choose another with --output"
    }
  }
}
