import Autograd
import Glibc
import Network

/// A classifier that keeps its logits of the clean images, where an attack begins with them: the harness then
/// need not ask again, and need not believe what the attack says of them.
final class CleanWitness: ImageClassifier {
  private let classifier: any ImageClassifier
  private let clean: Tensor
  private var isFirst = true
  /// `[N, labels]`; nil where the first images that were classified were others.
  private(set) var logits: Tensor?

  init(_ classifier: any ImageClassifier, _ clean: Tensor) {
    self.classifier = classifier
    self.clean = clean
  }

  var name: String { classifier.name }
  var labelNames: [String] { classifier.labelNames }
  var imageShape: [Int] { classifier.imageShape }

  func logits(_ images: Tensor) -> Tensor {
    let found = classifier.logits(images)
    if isFirst, images.hasBits(of: clean) { logits = found.detached }
    isFirst = false
    return found
  }
}

extension Tensor {
  /// Whether every element has the same bits.
  fileprivate func hasBits(of other: Tensor) -> Bool {
    guard shape == other.shape else { return false }
    // Mostly they are the same memory.
    return pointer == other.pointer || memcmp(pointer, other.pointer, count * MemoryLayout<Float>.stride) == 0
  }
}
