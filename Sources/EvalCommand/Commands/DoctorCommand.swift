import ArgumentParser
import Classifier
import Datasets
import Figures
import Files
import Foundation
import Kernels

/// `eval doctor`: whether this machine is ready, and how fast it is.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check the processor, the matrix library, the data and the reference weights.",
    discussion: "Exits with 0 where everything is in order, with 66 where something is missing.")

  @OptionGroup var data: DataOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var compute: ComputeOptions

  /// `assay/doctor/1`
  private struct Result: Encodable {
    struct CPU: Encodable {
      let model: String
      let cores: Int
      let features: [String]
    }
    struct BLAS: Encodable {
      let library: String
      let version: String
      let kernel: String
      let threads: Int
      let sgemmGflops: Double
    }
    struct DatasetState: Encodable {
      let found: Bool
      let path: String?
      let sha256Ok: Bool
    }
    struct Judge: Encodable {
      let name: String
      let version: String
      let sha256: String
      let ok: Bool
    }
    let schema = "assay/doctor/1"
    let cpu: CPU
    let blas: BLAS
    let dataset: DatasetState
    let judges: [Judge]
    let outputWritable: Bool
    let remedies: [String]
    let ok: Bool
  }

  func run() throws {
    try compute.prepare()
    let result = examine()
    if let folder = output.output {
      try AtomicFile.write(JSON.text(result) + "\n", to: "\(folder)/doctor.json")
    }
    switch output.format {
    case .json: try print(JSON.text(result))
    case .table:
      try print(Text.fitted(table(result).fitted + (result.remedies.map { "\n" + $0 }.joined())))
    case .csv: throw ValidationError("--format: expected table or json, found csv")
    }
    if !result.ok { throw ExitCode(66) }
  }

  private func examine() -> Result {
    var remedies: [String] = []
    let library = try? OpenBLAS.loaded.get()
    let dataset = examineDataset(&remedies)
    let judges = ReferenceWeights.architectures.map { architecture in
      do {
        let classifier = try ReferenceWeights.classifier(architecture)
        return Result.Judge(
          name: architecture.rawValue, version: ReferenceWeights.version, sha256: classifier.weightsSHA256,
          ok: true)
      } catch {
        remedies.append("\(error)")
        return Result.Judge(
          name: architecture.rawValue, version: ReferenceWeights.version, sha256: "", ok: false)
      }
    }
    let folder = output.output ?? FileManager.default.currentDirectoryPath
    let isWritable = canWrite(to: folder)
    if !isWritable { remedies.append("\(folder): cannot be written to; choose another with --output") }
    let processor = Processor.current
    return Result(
      cpu: .init(model: processor.model, cores: processor.cores, features: processor.features),
      blas: .init(
        library: "OpenBLAS", version: library?.version ?? "none", kernel: library?.kernel ?? "none",
        threads: Parallel.threads, sgemmGflops: (MatrixMultiply.measuredRate() / 1e9 * 10).rounded() / 10),
      dataset: dataset, judges: judges, outputWritable: isWritable, remedies: remedies,
      ok: dataset.found && judges.allSatisfy(\.ok) && isWritable)
  }

  /// Never downloads.
  private func examineDataset(_ remedies: inout [String]) -> Result.DatasetState {
    let description = data.description
    do {
      guard let location = try DatasetLocator().find(description, in: data.data) else {
        remedies.append(
          "\(description.name): not found; "
            + (description.debianPackage.map { "apt-get install \($0), or " } ?? "")
            + "name its folder with --data")
        return .init(found: false, path: nil, sha256Ok: false)
      }
      let (dataset, files) = try data.found(at: location, data.labelNames.map(LabelNames.init(contentsOf:)))
      let splits = try files.splits.map { try dataset.load($0, from: files) }
      return .init(found: true, path: location.folder, sha256Ok: splits.allSatisfy(\.isVerified))
    } catch {
      remedies.append("\(error)")
      return .init(found: false, path: nil, sha256Ok: false)
    }
  }

  private func canWrite(to folder: String) -> Bool {
    let probe = "\(folder)/.assay-doctor"
    guard (try? AtomicFile.write("", to: probe)) != nil else { return false }
    unlink(probe)
    return true
  }

  private func table(_ result: Result) -> TerminalTable {
    var table = TerminalTable([.init("what"), .init("found")])
    table.add(["processor", "\(result.cpu.model), \(result.cpu.cores) cores"])
    table.add(["instruction sets", result.cpu.features.joined(separator: " ")])
    table.add([
      "matrix library",
      "\(result.blas.library) \(result.blas.version), kernel \(result.blas.kernel), \(result.blas.threads) threads, "
        + "\(Text.fixed(result.blas.sgemmGflops, 0)) GFLOP/s",
    ])
    table.add([
      "data set",
      result.dataset.path.map {
        "\($0), " + (result.dataset.sha256Ok ? "SHA-256 verified" : "SHA-256 unknown")
      }
        ?? "not found",
    ])
    for judge in result.judges {
      table.add([
        "\(judge.name) weights", judge.ok ? "\(judge.version), \(judge.sha256)" : "missing or changed",
      ])
    }
    table.add(["output", result.outputWritable ? "writable" : "not writable"])
    table.add(["in order", result.ok ? "yes" : "no"])
    return table
  }
}
