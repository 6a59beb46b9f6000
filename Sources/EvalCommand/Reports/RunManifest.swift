import Files
import Foundation
import Kernels

/// What a run was: enough to do it again and to compare machines.
struct RunManifest: Encodable {
  let schema = "assay/run/1"
  let version = EvalMain.configuration.version
  let command: [String]
  let datasetSha256: String
  let processor: String
  let blas: String
  let threads: Int
  let seconds: Double

  init(dataset: String, seconds: Double) {
    command = ["eval"] + CommandLine.arguments.dropFirst()
    datasetSha256 = dataset
    processor = Processor.current.model
    let library = try? OpenBLAS.loaded.get()
    blas = library.map { "OpenBLAS \($0.version) \($0.kernel)" } ?? "none"
    threads = Parallel.threads
    self.seconds = seconds
  }

  func write(to folder: String) throws {
    try AtomicFile.write(JSON.text(self) + "\n", to: "\(folder)/manifest.json")
  }
}
