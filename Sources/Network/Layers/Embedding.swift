import Autograd
import Kernels

/// A vector for each of a fixed number of entries, such as labels: `[n]` numbers → `[n, size]`.
///
/// Not a ``Layer``: its input is a list of numbers, not a tensor.
public final class Embedding: Module {
  public let table: Parameter
  private let spectral: SpectralNormalization?

  /// The default is Keras': uniform in ±0.05.
  ///
  /// - Parameter isSpectral: whether the table is divided by its largest singular value.
  public init(
    entries: Int, size: Int, initializer: Initializer = .uniform(0.05), isSpectral: Bool = false, key: Key
  ) {
    table = Parameter(initializer([entries, size], key: key))
    spectral = isSpectral ? SpectralNormalization(outputs: size, key: key.derived(1)) : nil
  }

  public var namedParameters: [(name: String, parameter: Parameter)] {
    [("table", table)] + (spectral?.namedParameters ?? [])
  }

  /// - Parameter pass: only a spectrally normalized table looks at it.
  public func callAsFunction(_ indices: [Int], _ pass: Pass = .inference) -> Tensor {
    (spectral?(table.value, pass) ?? table.value).gatherRows(indices)
  }
}
