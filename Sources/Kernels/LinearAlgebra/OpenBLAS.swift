import FoundationEssentials
import Glibc

/// The system's OpenBLAS and the LAPACK within it, one thread a call.
///
/// The library is loaded at first use instead of being linked, because it reads its settings only while it
/// loads, and Assay makes two of them (docs/decisions/0001-blas-kernel.md):
/// - the kernel family. OpenBLAS 0.3.21 takes its AVX2 kernels on processors that it does not know, at about
///   half of their speed, so on any processor with AVX-512 the AVX-512 family is asked for;
///   `ASSAY_BLAS_CORETYPE` overrides. The ambient `OPENBLAS_CORETYPE` does not count: results would
///   differ in their last bits between two shells.
/// - one thread, because the chunks of ``Parallel`` call it side by side.
public struct OpenBLAS: Sendable {
  /// What stands in the way of the library.
  public struct LoadError: Error, CustomStringConvertible {
    /// One sentence: the library is not installed (with the remedy), or lacks a routine that is called.
    public let description: String
  }

  /// The loaded library, or why it could not be loaded.
  public static let loaded: Result<OpenBLAS, LoadError> = load()

  /// The kernel family in use, such as `SkylakeX`.
  public let kernel: String
  /// The version, such as `0.3.21`.
  public let version: String
  /// The kernel family that Assay asked for; nil where the choice was left to the library.
  public let requestedKernel: String?

  private let sgemm: SGEMM
  let dgemm: DGEMM
  let dsyevd: DSYEVD
  let dpstrf: DPSTRF
  let dgesdd: DGESDD
  let dgebrd: DGEBRD
  let dormbr: DORMBR
  let dbdsdc: DBDSDC

  private typealias SGEMM =
    @convention(c) (
      _ order: Int32, _ transA: Int32, _ transB: Int32, _ m: Int32, _ n: Int32, _ k: Int32,
      _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: Int32, _ b: UnsafePointer<Float>, _ ldb: Int32,
      _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ ldc: Int32
    ) -> Void
  typealias DGEMM =
    @convention(c) (
      _ order: Int32, _ transA: Int32, _ transB: Int32, _ m: Int32, _ n: Int32, _ k: Int32,
      _ alpha: Double, _ a: UnsafePointer<Double>, _ lda: Int32, _ b: UnsafePointer<Double>, _ ldb: Int32,
      _ beta: Double, _ c: UnsafeMutablePointer<Double>, _ ldc: Int32
    ) -> Void
  // LAPACK speaks Fortran: everything by address, matrices by columns.
  typealias Flag = UnsafePointer<CChar>
  typealias Count = UnsafePointer<Int32>
  typealias Status = UnsafeMutablePointer<Int32>
  typealias Numbers = UnsafeMutablePointer<Double>
  typealias Indices = UnsafeMutablePointer<Int32>
  /// Eigenvalues and eigenvectors of a symmetric matrix.
  typealias DSYEVD =
    @convention(c) (
      _ jobz: Flag, _ uplo: Flag, _ n: Count, _ a: Numbers, _ lda: Count, _ w: Numbers, _ work: Numbers,
      _ lwork: Count, _ iwork: Indices, _ liwork: Count, _ info: Status
    ) -> Void
  /// Cholesky factor with pivoting of a positive semidefinite matrix.
  typealias DPSTRF =
    @convention(c) (
      _ uplo: Flag, _ n: Count, _ a: Numbers, _ lda: Count, _ pivot: Indices, _ rank: Indices,
      _ tolerance: UnsafePointer<Double>, _ work: Numbers, _ info: Status
    ) -> Void
  /// Singular values of any matrix.
  typealias DGESDD =
    @convention(c) (
      _ jobz: Flag, _ m: Count, _ n: Count, _ a: Numbers, _ lda: Count, _ s: Numbers, _ u: Numbers,
      _ ldu: Count, _ vt: Numbers, _ ldvt: Count, _ work: Numbers, _ lwork: Count, _ iwork: Indices,
      _ info: Status
    ) -> Void
  /// Bidiagonal form of any matrix.
  typealias DGEBRD =
    @convention(c) (
      _ m: Count, _ n: Count, _ a: Numbers, _ lda: Count, _ d: Numbers, _ e: Numbers, _ tauq: Numbers,
      _ taup: Numbers, _ work: Numbers, _ lwork: Count, _ info: Status
    ) -> Void
  /// The product with the orthogonal factors of that form.
  typealias DORMBR =
    @convention(c) (
      _ vect: Flag, _ side: Flag, _ trans: Flag, _ m: Count, _ n: Count, _ k: Count,
      _ a: UnsafePointer<Double>, _ lda: Count, _ tau: UnsafePointer<Double>, _ c: Numbers, _ ldc: Count,
      _ work: Numbers, _ lwork: Count, _ info: Status
    ) -> Void
  /// Singular values of a bidiagonal matrix.
  typealias DBDSDC =
    @convention(c) (
      _ uplo: Flag, _ compq: Flag, _ n: Count, _ d: Numbers, _ e: Numbers, _ u: Numbers, _ ldu: Count,
      _ vt: Numbers, _ ldvt: Count, _ q: Numbers, _ iq: Indices, _ work: Numbers, _ iwork: Indices,
      _ info: Status
    ) -> Void
  private typealias Text = @convention(c) () -> UnsafePointer<CChar>

  /// C ← op(A)·op(B) + beta·C, all row-major: op(A) is `[m, k]`, op(B) is `[k, n]`, C is `[m, n]`.
  ///
  /// `lda`, `ldb`, `ldc` are the row strides of the matrices as they are stored.
  @inline(__always)
  func multiply(
    _ a: UnsafePointer<Float>, transposed transA: Bool, lda: Int,
    _ b: UnsafePointer<Float>, transposed transB: Bool, ldb: Int,
    into c: UnsafeMutablePointer<Float>, ldc: Int, m: Int, n: Int, k: Int, beta: Float
  ) {
    let rowMajor: Int32 = 101
    let plain: Int32 = 111
    let transposed: Int32 = 112
    sgemm(
      rowMajor, transA ? transposed : plain, transB ? transposed : plain, Int32(m), Int32(n), Int32(k),
      1, a, Int32(lda), b, Int32(ldb), beta, c, Int32(ldc))
  }

  private static func load() -> Result<OpenBLAS, LoadError> {
    let environment = ProcessInfo.processInfo.environment
    let requested = environment["ASSAY_BLAS_CORETYPE"] ?? (Processor.current.hasAVX512 ? "SKYLAKEX" : nil)
    if let requested { setenv("OPENBLAS_CORETYPE", requested, 1) } else { unsetenv("OPENBLAS_CORETYPE") }
    unsetenv("OPENBLAS_L2_SIZE")
    setenv("OPENBLAS_NUM_THREADS", "1", 1)
    guard let library = dlopen("libopenblas.so.0", RTLD_NOW) else {
      return .failure(LoadError(description: "OpenBLAS is not installed; apt-get install libopenblas0"))
    }
    let names = [
      "cblas_sgemm", "openblas_get_corename", "openblas_get_config", "cblas_dgemm", "dsyevd_", "dpstrf_",
      "dgesdd_", "dgebrd_", "dormbr_", "dbdsdc_",
    ]
    let symbols = names.compactMap { dlsym(library, $0) }
    guard symbols.count == names.count else {
      return .failure(
        LoadError(
          description: "libopenblas.so.0 lacks \(names.joined(separator: " or ")); is it another BLAS?")
      )
    }
    let (kernel, version) = (symbols[1], symbols[2])
    let configuration = String(cString: unsafeBitCast(version, to: Text.self)())
    return .success(
      OpenBLAS(
        kernel: String(cString: unsafeBitCast(kernel, to: Text.self)()),
        version: configuration.split(separator: " ").dropFirst().first.map(String.init) ?? "unknown",
        requestedKernel: requested,
        sgemm: unsafeBitCast(symbols[0], to: SGEMM.self),
        dgemm: unsafeBitCast(symbols[3], to: DGEMM.self), dsyevd: unsafeBitCast(symbols[4], to: DSYEVD.self),
        dpstrf: unsafeBitCast(symbols[5], to: DPSTRF.self),
        dgesdd: unsafeBitCast(symbols[6], to: DGESDD.self),
        dgebrd: unsafeBitCast(symbols[7], to: DGEBRD.self),
        dormbr: unsafeBitCast(symbols[8], to: DORMBR.self),
        dbdsdc: unsafeBitCast(symbols[9], to: DBDSDC.self)))
  }
}
