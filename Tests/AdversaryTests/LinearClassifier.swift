import Autograd
import Datasets
import Kernels
import Network

/// Logits x·W: the model on which every answer is known in closed form.
struct LinearClassifier: ImageClassifier {
  let name = "linear"
  let imageShape: [Int]
  let labelNames: [String]
  /// `[pixels][labels]`
  let weights: [[Float]]

  init(_ weights: [[Float]], imageShape: [Int]) {
    self.weights = weights
    self.imageShape = imageShape
    labelNames = (weights.first ?? []).indices.map(String.init)
  }

  func logits(_ images: Tensor) -> Tensor {
    Tensor.matmul(
      images.flattened(), Tensor(weights.flatMap(\.self), shape: [weights.count, labelNames.count]))
  }

  /// The same in double precision, for one image.
  func logits(of image: [Double]) -> [Double] {
    labelNames.indices.map { label in zip(image, weights).map { $0 * Double($1[label]) }.reduce(0, +) }
  }
}

/// A model that takes notes of the images that it is shown.
final class RecordingClassifier: ImageClassifier {
  let name = "recording"
  let labelNames = ["0", "1"]
  let imageShape: [Int]
  private(set) var seen: [Tensor] = []

  init(imageShape: [Int]) { self.imageShape = imageShape }

  func logits(_ images: Tensor) -> Tensor {
    seen.append(images.detached)
    return images.flattened().sliced(start: [0, 0], size: [images.shape[0], 2])
  }
}

/// The images and models of this suite.
enum Samples {
  static let shape = [3, 4, 1]
  static let size = 12

  /// 3 labels over 12 pixels, weights of both signs.
  static let linear = LinearClassifier(
    (0..<size).map { pixel in (0..<3).map { Float(number(1, pixel * 3 + $0)) * 4 - 2 } }, imageShape: shape)

  /// 5 labels: enough for every loss.
  static let wide = LinearClassifier(
    (0..<size).map { pixel in (0..<5).map { Float(number(5, pixel * 5 + $0)) * 4 - 2 } }, imageShape: shape)

  /// 2 labels whose logits are w·x and 0.
  static func binary(_ w: [Float]) -> LinearClassifier {
    LinearClassifier(w.map { [$0, 0] }, imageShape: shape)
  }

  /// Weights of the binary model, at least 0.2 in size.
  static let w: [Float] = (0..<size).map { pixel in
    let value = Float(number(2, pixel)) * 2 - 1
    return value < 0 ? value - 0.2 : value + 0.2
  }

  /// A third of the pixels is black; all others are in `range`.
  static func images(_ count: Int, in range: ClosedRange<Int> = 1...255, labels: Int = 3) -> LabeledImages {
    let pixels = (0..<count * size).map { index -> UInt8 in
      let word = Key(seed: 3).word(index)
      return word % 3 == 0 ? 0 : UInt8(range.lowerBound + Int((word >> 8) % UInt64(range.count)))
    }
    return LabeledImages(
      name: "tiny", split: .test, height: 3, width: 4, pixels: pixels,
      labels: (0..<count).map { UInt8(Key(seed: 4).word($0) % UInt64(labels)) },
      labelNames: (0..<labels).map(String.init))
  }

  /// A mask for each of so many images, in which a third of the pixels must stay; all of them in one image.
  static func mask(_ count: Int, closed: Int? = nil) -> PixelMask {
    PixelMask(
      (0..<count * size).map { Key(seed: 6).word($0) % 3 == 0 || $0 / size == closed ? 0 : 1 },
      shape: [count, 3, 4], name: "mask.npy")
  }

  /// Uniform in [0, 1).
  private static func number(_ seed: UInt64, _ index: Int) -> Double {
    Double(Key(seed: seed).word(index) >> 11) * 0x1p-53
  }
}

extension Tensor {
  /// The bits of every element, for comparisons that see the sign of zero.
  var bits: [UInt32] { elements.map(\.bitPattern) }
}

/// Another model, with notes of the images that it is shown.
final class Witness: ImageClassifier {
  private let model: LinearClassifier
  private(set) var seen: [Tensor] = []

  init(_ model: LinearClassifier) { self.model = model }

  var name: String { model.name }
  var labelNames: [String] { model.labelNames }
  var imageShape: [Int] { model.imageShape }

  func logits(_ images: Tensor) -> Tensor {
    seen.append(images.detached)
    return model.logits(images)
  }
}
