import Cluster
import Files
import FoundationEssentials
import Network

/// The processes of one training: each takes lanes of every batch (`Network/Lanes`), and the first one
/// writes.
public final class TrainingProcesses: LaneExchange {
  private let library: MPILibrary

  /// Which of the processes this is, from 0.
  public var rank: Int { library.rank }
  /// How many there are.
  public var size: Int { library.size }
  /// Whether this process writes and shows what there is; the others only compute.
  public var isFirst: Bool { rank == 0 }

  /// Whether this process is to stop; all stop together, after the same step.
  var wantsStop = false
  /// Whether one of the processes wanted to stop when numbers were last exchanged.
  private(set) var shallStop = false

  /// Processes that meet by MPI.
  public init(_ library: MPILibrary) { self.library = library }

  /// The numbers of all processes, in the order of their ranks.
  public func gather(_ values: [Float]) -> [[Float]] {
    let own = values + [wantsStop ? 1 : 0]
    let bytes = own.withUnsafeBytes { library.gather($0) }
    let all = bytes.withUnsafeBytes { bytes in
      (0..<size).map { rank in
        (0..<own.count).map { index in
          bytes.loadUnaligned(
            fromByteOffset: (rank * own.count + index) * MemoryLayout<Float>.size, as: Float.self)
        }
      }
    }
    shallStop = all.contains { $0[values.count] > 0 }
    return all.map { Array($0.dropLast()) }
  }

  /// Makes sure that all processes train the same: recipe, data, state and program.
  ///
  /// - Parameter text: what must be equal in all of them.
  /// - Throws: `FileError.malformed`, in every process, where it is not.
  func agree(on text: String) throws(FileError) {
    let digest = SHA256.hex(of: Data(text.utf8))
    let all = Array(digest.utf8).withUnsafeBytes { library.gather($0) }
    let digests = (0..<size).map {
      String(decoding: all[$0 * digest.utf8.count..<($0 + 1) * digest.utf8.count], as: UTF8.self)
    }
    if let other = digests.firstIndex(where: { $0 != digests[0] }) {
      throw .malformed(
        path: "process \(other) of \(size)", expected: "the recipe, data, state and program of the first one",
        found: "others")
    }
  }

  /// Ends the exchange, when all processes have come so far.
  public func finish() { library.finish() }
}
