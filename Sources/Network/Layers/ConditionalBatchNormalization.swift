import Autograd
import Kernels

/// Batch normalization whose scale and offset depend on the label (Dumoulin et al. 2017; de Vries et al.
/// 2017): `[N, …, C]` with `[N]` labels → the same shape.
///
/// y = norm(x)·(1 + s[label]) + o[label], with tables s and o `[labels, C]` that start at 0: at first all
/// labels are treated alike, by the scale and offset of `norm`.
public final class ConditionalBatchNormalization: Module {
  package let norm: BatchNormalization
  package let scales, offsets: Embedding

  /// Tables for so many labels and channels, and a ``BatchNormalization`` with its defaults.
  public init(channels: Int, labels: Int) {
    norm = BatchNormalization(channels: channels)
    let key = Key(seed: 0)
    scales = Embedding(entries: labels, size: channels, initializer: .zeros, key: key)
    offsets = Embedding(entries: labels, size: channels, initializer: .zeros, key: key)
  }

  /// Those of the normalization, and the tables `scales` and `offsets`.
  public var namedParameters: [(name: String, parameter: Parameter)] {
    norm.namedParameters + [("scales", scales.table), ("offsets", offsets.table)]
  }

  /// `[N, …, C]` → the same shape. While training, the running moments follow the batch.
  ///
  /// - Precondition: there is a label for each of the N.
  public func callAsFunction(_ x: Tensor, labels: [Int], _ pass: Pass) -> Tensor {
    precondition(
      labels.count == x.shape[0], "ConditionalBatchNormalization: \(labels.count) labels for \(x.shape)")
    let shape = [x.shape[0]] + [Int](repeating: 1, count: x.rank - 2) + [x.shape[x.rank - 1]]
    let scale = (scales(labels) + 1).reshaped(shape)
    return norm(x, pass) * scale + offsets(labels).reshaped(shape)
  }
}
