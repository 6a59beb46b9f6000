import Autograd
import Datasets
import Eval
import Kernels
import Network

/// Images of 12×12, bright above or below, and judges of them that need no training.
enum Stripes {
  static var judges: [Judge] {
    [
      Judge(StripeJudge(name: "sharp", contrast: 20), sha256: "1"),
      Judge(StripeJudge(name: "soft", contrast: 5), sha256: "2"),
    ]
  }

  static func images(_ count: Int, seed: Int, split: Split = .test) -> LabeledImages {
    let pixels = (0..<count * 144).map { index -> UInt8 in
      let (image, row) = (index / 144, index / 12 % 12)
      let noise = UInt8(Key(seed: UInt64(seed)).derived(image).word(index % 144) % 83)
      return (row < 6) == (image % 2 == 0) ? 150 + noise : noise
    }
    return LabeledImages(
      name: "stripes", split: split, height: 12, width: 12, pixels: pixels,
      labels: (0..<count).map { UInt8($0 % 2) }, labelNames: ["above", "below"], sha256: "\(seed)")
  }
}

/// Means of rows are its features, those of the halves its logits.
private struct StripeJudge: FeatureClassifier {
  let name: String
  let contrast: Float
  let labelNames = ["above", "below"]
  let imageShape = [12, 12, 1]

  func logits(_ images: Tensor) -> Tensor { featuresAndLogits(images).logits }

  func featuresAndLogits(_ images: Tensor) -> (features: Tensor, logits: Tensor) {
    let (count, pixels) = (images.shape[0], images.elements)
    let rows = (0..<count * 12).map { row in pixels[row * 12..<(row + 1) * 12].reduce(0, +) / 12 }
    let halves = (0..<count * 2).map { half in rows[half * 6..<(half + 1) * 6].reduce(0, +) / 6 * contrast }
    return (Tensor(rows, shape: [count, 12]), Tensor(halves, shape: [count, 2]))
  }
}
