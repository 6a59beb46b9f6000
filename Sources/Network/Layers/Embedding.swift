import Autograd
import Kernels

/// A vector for each of a fixed number of entries, such as labels: `[n]` numbers → `[n, size]`.
///
/// Not a ``Layer``: its input is a list of numbers, not a tensor.
public final class Embedding: Module {
  /// `[entries, size]`: the vectors.
  public let table: Parameter

  /// The default is Keras': uniform in ±0.05.
  public init(entries: Int, size: Int, initializer: Initializer = .uniform(0.05), key: Key) {
    table = Parameter(initializer([entries, size], key: key))
  }

  /// `table`.
  public var namedParameters: [(name: String, parameter: Parameter)] { [("table", table)] }

  /// The vectors of some entries, `[n, size]`.
  ///
  /// - Precondition: each index is one of an entry.
  public func callAsFunction(_ indices: [Int]) -> Tensor { table.value.gatherRows(indices) }
}
