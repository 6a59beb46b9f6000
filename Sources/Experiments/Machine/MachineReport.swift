import Classifier
import Datasets
import Files
import Foundation
import Kernels

/// Whether this machine is ready, and how fast it is: `assay/doctor/1`.
public struct MachineReport: Encodable, Sendable {
  public struct CPU: Encodable, Sendable {
    public let model: String
    public let cores: Int
    public let features: [String]
  }

  public struct BLAS: Encodable, Sendable {
    public let library, version, kernel: String
    public let threads: Int
    /// 10⁹ operations a second of a matrix product.
    public let sgemmGflops: Double
  }

  public struct DatasetState: Encodable, Sendable {
    public let found: Bool
    public let path: String?
    public let sha256Ok: Bool
  }

  public struct Judge: Encodable, Sendable {
    public let name, version, sha256: String
    public let ok: Bool
  }

  /// What is not in order.
  public enum Fault: Sendable {
    /// The data set is nowhere on this machine.
    case noDataset(Dataset)
    /// Files of the data set or of a judge's weights cannot be used.
    case file(FileError)
    /// The folder for results cannot be written to.
    case unwritable(folder: String)
  }

  public let schema = "assay/doctor/1"
  public let cpu: CPU
  public let blas: BLAS
  public let dataset: DatasetState
  public let judges: [Judge]
  public let outputWritable: Bool
  /// A sentence for each fault.
  public let remedies: [String]
  public let ok: Bool

  /// Looks at the machine. Downloads nothing.
  ///
  /// - Parameters:
  ///   - folder: where results are to go.
  ///   - remedy: what is to be done about a fault, in a sentence.
  public init(data: DataSource, folder: String, remedy: (Fault) -> String) {
    var faults: [Fault] = []
    let library = try? OpenBLAS.loaded.get()
    let dataset = Self.dataset(data, &faults)
    let judges = ReferenceWeights.architectures.map { Self.judge($0, &faults) }
    let isWritable = Self.canWrite(to: folder)
    if !isWritable { faults.append(.unwritable(folder: folder)) }
    let processor = Processor.current
    cpu = CPU(model: processor.model, cores: processor.cores, features: processor.features)
    blas = BLAS(
      library: "OpenBLAS", version: library?.version ?? "none", kernel: library?.kernel ?? "none",
      threads: Parallel.threads, sgemmGflops: (MatrixMultiply.measuredRate() / 1e9 * 10).rounded() / 10)
    self.dataset = dataset
    self.judges = judges
    outputWritable = isWritable
    remedies = faults.map(remedy)
    ok = dataset.found && judges.allSatisfy(\.ok) && isWritable
  }

  private static func dataset(_ data: DataSource, _ faults: inout [Fault]) -> DatasetState {
    do throws(FileError) {
      if let (folder, isVerified) = try data.examine() {
        return DatasetState(found: true, path: folder, sha256Ok: isVerified)
      }
      faults.append(.noDataset(data.dataset))
    } catch {
      faults.append(.file(error))
    }
    return DatasetState(found: false, path: nil, sha256Ok: false)
  }

  private static func judge(_ architecture: ClassifierArchitecture, _ faults: inout [Fault]) -> Judge {
    var sha256: String?
    do throws(FileError) {
      sha256 = try ReferenceWeights.classifier(architecture).weightsSHA256
    } catch {
      faults.append(.file(error))
    }
    return Judge(
      name: architecture.rawValue, version: ReferenceWeights.version, sha256: sha256 ?? "", ok: sha256 != nil)
  }

  private static func canWrite(to folder: String) -> Bool {
    let probe = "\(folder)/.assay-doctor"
    guard (try? AtomicFile.write("", to: probe)) != nil else { return false }
    unlink(probe)
    return true
  }
}
