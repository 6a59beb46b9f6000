import Autograd
import Datasets
import Kernels
import Network

/// A teacher's logits for the batches of its student.
///
/// Where images are only mirrored, the teacher looks at each of them and at its mirror image once, before the training;
/// moved images it has to look at as they come.
package struct Lessons {
  private let teacher: NeuralClassifier
  private let augmentation: Augmentation
  /// `[images, labels]` for the images as they are and for their mirror images; empty where images are moved.
  private let tables: [Tensor]

  private static let batchSize = 500

  package init(of teacher: NeuralClassifier, on images: LabeledImages, _ augmentation: Augmentation) {
    self.teacher = teacher
    self.augmentation = augmentation
    let sides = augmentation.shift > 0 ? [] : augmentation.mirrors ? [false, true] : [false]
    tables = sides.map { isMirrored in
      let batches = images.batches(of: Self.batchSize).map { indices in
        teacher.logits(Augmentation.changed(images, indices) { _ in .init(isMirrored: isMirrored) })
      }
      return Tensor(batches.flatMap(\.elements), shape: [images.count, images.labelNames.count])
    }
  }

  /// The logits for a batch `x` that was made from the images at `indices` with `key`: `[n, labels]`.
  package func logits(_ x: Tensor, _ indices: [Int], key: Key) -> Tensor {
    guard let plain = tables.first else { return teacher.logits(x) }
    let labels = plain.shape[1]
    return Tensor(shape: [indices.count, labels]) { target in
      for (i, index) in indices.enumerated() {
        let table = augmentation.change(i, key: key).isMirrored ? tables[tables.count - 1] : plain
        table.withElements { elements in
          for c in 0..<labels { target[i * labels + c] = elements[index * labels + c] }
        }
      }
    }
  }
}
