import Files
import FoundationEssentials
import Glibc

/// MPI, through a small library of ours that was compiled with it (`make mpi`).
///
/// Nothing of MPI is linked: the library is loaded when several processes are to train together. It lies
/// beside the program, or where `ASSAY_MPI` says. Start it once a process, before other threads compute.
public final class MPILibrary {
  /// Which of the processes this is, from 0.
  public let rank: Int
  /// How many there are.
  public let size: Int

  private typealias Start = @convention(c) (UnsafeMutablePointer<Int32>, UnsafeMutablePointer<Int32>) -> Int32
  private typealias Gather = @convention(c) (UnsafeRawPointer?, UnsafeMutableRawPointer?, Int32) -> Int32
  private typealias End = @convention(c) (Int32) -> Void

  private let gatherBytes: Gather
  private let end: End

  /// The file's name beside the program.
  public static let name = "libassay-mpi.so"
  /// What makes it, for errors.
  public static let remedy = "compile the library for MPI"

  /// Loads the library at `path`, by default beside the program, and starts MPI.
  ///
  /// - Throws: `FileError.missing` where there is no library, `FileError.unreadable` for one that cannot be
  ///   loaded.
  public init(_ path: String? = nil) throws(FileError) {
    let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let path = path ?? program.deletingLastPathComponent.appendingPathComponent(Self.name)
    guard FileManager.default.fileExists(atPath: path) else {
      throw .missing(path: path, remedy: Self.remedy)
    }
    // Open MPI loads parts of itself that look for its names among all.
    guard let handle = dlopen(path, RTLD_NOW | RTLD_GLOBAL) else {
      throw .unreadable(path: path, reason: dlerror().map { String(cString: $0) } ?? "it cannot be loaded")
    }
    func function<Function>(_ name: String, _ type: Function.Type) -> Function? {
      dlsym(handle, name).map { unsafeBitCast($0, to: type) }
    }
    guard let start = function("assay_mpi_start", Start.self),
      let gather = function("assay_mpi_gather", Gather.self), let end = function("assay_mpi_end", End.self)
    else { throw .unreadable(path: path, reason: "it is not of this version") }
    (gatherBytes, self.end) = (gather, end)
    var (rank, size): (Int32, Int32) = (0, 1)
    guard start(&rank, &size) == 0 else { throw .unreadable(path: path, reason: "MPI did not start") }
    (self.rank, self.size) = (Int(rank), Int(size))
  }

  /// The bytes of all processes, in the order of their ranks; every process gives equally many.
  ///
  /// Where MPI fails, all processes of the job end; it mostly does that by itself.
  public func gather(_ own: UnsafeRawBufferPointer) -> [UInt8] {
    precondition(own.count <= Int(Int32.max), "MPILibrary.gather: \(own.count) bytes")
    var all = [UInt8](repeating: 0, count: own.count * size)
    let code = all.withUnsafeMutableBytes { gatherBytes(own.baseAddress, $0.baseAddress, Int32(own.count)) }
    if code != 0 { end(code) }
    return all
  }

  /// Ends MPI when all processes have come so far.
  public func finish() { end(0) }
}
