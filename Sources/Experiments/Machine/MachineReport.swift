import Classifier
import Datasets
import Files
import Glibc
import Kernels

/// Whether this machine is ready, and how fast it is: `assay/doctor/1`.
public struct MachineReport: Encodable, Sendable {
  /// The processor, as the operating system describes it.
  public struct CPU: Encodable, Sendable {
    /// Its name; `unknown` where the system does not tell.
    public let model: String
    /// The processors that this process may use.
    public let cores: Int
    /// Instruction sets that matter to numerical code, such as `avx2` and `fma`.
    public let features: [String]
    /// What this program was compiled for, such as `AVX2`.
    public let code: String
  }

  /// The matrix library, and how fast it is just now.
  public struct BLAS: Encodable, Sendable {
    /// The library's name.
    public let library: String
    /// Its version; `none` where it could not be loaded.
    public let version: String
    /// The family of processors that its loops were chosen for; `none` where it could not be loaded.
    public let kernel: String
    /// The number of threads that Assay computes with.
    public let threads: Int
    /// 10⁹ operations a second of a matrix product.
    public let sgemmGflops: Double
  }

  /// Whether the data set is on this machine.
  public struct DatasetState: Encodable, Sendable {
    /// Whether it is there and can be read.
    public let found: Bool
    /// The folder or file where it is; nil where it was not found.
    public let path: String?
    /// Whether every split that is there has the known SHA-256 of the set.
    public let sha256Ok: Bool
  }

  /// One of the classifiers that ship with the package.
  public struct Judge: Encodable, Sendable {
    /// The name of its architecture, such as `conv`.
    public let name: String
    /// The version of the shipped weights.
    public let version: String
    /// SHA-256 of its file; empty where that cannot be used.
    public let sha256: String
    /// Whether its weights are there and unchanged.
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

  /// The format of the file and its version.
  public let schema = "assay/doctor/1"
  /// The processor.
  public let cpu: CPU
  /// The matrix library and its speed.
  public let blas: BLAS
  /// The data set that was asked for.
  public let dataset: DatasetState
  /// Each of the shipped classifiers.
  public let judges: [Judge]
  /// Whether the folder for results can be written to.
  public let outputWritable: Bool
  /// A sentence for each fault.
  public let remedies: [String]
  /// Whether the data set was found, the shipped weights are in order and results can be written.
  public let ok: Bool

  /// Looks at the machine. Downloads nothing.
  ///
  /// - Parameters:
  ///   - data: the data set that is looked for and, where it is there, read.
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
    cpu = CPU(
      model: processor.model, cores: processor.cores, features: processor.features,
      code: Processor.Code.compiled.rawValue)
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
