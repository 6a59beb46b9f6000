import FoundationEssentials
import Kernels

/// What experiments compute with.
public enum Computer {
  /// The matrix library is not there, or not what it should be.
  public typealias LoadError = OpenBLAS.LoadError
  /// A factorization that did not converge.
  public typealias NoConvergence = Matrix.NoConvergence

  /// Sets the number of threads and loads the matrix library, so that its absence is an error and no
  /// surprise.
  ///
  /// Results are the same bytes for any number of threads.
  ///
  /// - Parameter threads: all processors where it is nil.
  /// - Throws: ``LoadError``.
  public static func prepare(threads: Int? = nil) throws {
    Parallel.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    _ = try OpenBLAS.loaded.get()
  }
}
