// What one benchmark is: a name that other programs rely on, and the work that is timed.
//
// Knows nothing of how often it is run, of clocks or of reports.

import Kernels

/// One benchmark.
///
/// The catalogue of all cases is ``CaseCatalog``; a kind of case is an extension of this type in `Cases/`.
struct BenchmarkCase {
  /// The key in JSON. Stays the same as long as the work does; times of two versions are compared by it.
  let name: String
  /// What one run does, in a few words.
  let summary: String
  /// The floating-point operations of the matrix products and convolutions of one run, a multiplication and
  /// an addition counting as two. Convolutions count as the direct algorithm would do them: one that
  /// multiplies less has a rate above that of the bare matrix product. 0 where nobody counted.
  let operations: Double
  /// Makes everything ready that shall not be timed.
  let prepare: (BenchmarkImages) throws -> Work

  /// The work on inputs that are in memory.
  struct Work {
    /// Touches the memory that ``run`` will use, and no more than that; not timed.
    let warmUp: () throws -> Void
    /// What is timed. Every call does the same work.
    let run: () throws -> Void
  }
}

extension ProductPrecision {
  /// The name of a case that is also timed in float32.
  func suffixed(_ name: String) -> String { self == .float32 ? name : "\(name)_\(rawValue)" }
}
