import Autograd
import Datasets
import Eval
import Kernels
import Network

/// Images of 12×12 of four labels, each with one bright quarter, and judges of them that need no training.
enum TinyWorld {
  static let labelNames = ["upper left", "upper right", "lower left", "lower right"]
  static let side = 12

  /// - Parameter seed: images of two seeds have none in common.
  static func images(_ count: Int, seed: UInt64, split: Split = .test) -> LabeledImages {
    let key = Key(seed: seed)
    var pixels: [UInt8] = []
    for image in 0..<count {
      let own = key.derived(image)
      // Of each image its own brightness, of each pixel a little noise.
      let bright = 120 + Int(own.word(1000) % 100)
      for place in 0..<side * side {
        let quarter = (place / side >= side / 2 ? 2 : 0) + (place % side >= side / 2 ? 1 : 0)
        let noise = Int(own.word(place) % 36)
        pixels.append(UInt8(quarter == image % 4 ? bright + noise : noise))
      }
    }
    return LabeledImages(
      name: "tiny", split: split, height: side, width: side, pixels: pixels,
      labels: (0..<count).map { UInt8($0 % 4) }, labelNames: labelNames, sha256: "\(seed)")
  }

  static var judges: [Judge] {
    [
      Judge(TinyJudge(name: "sharp", contrast: 20), sha256: "1"),
      Judge(TinyJudge(name: "soft", contrast: 5), sha256: "2"),
    ]
  }
}

/// Means of 3×3 pixels are its features, those of the quarters its logits.
struct TinyJudge: FeatureClassifier {
  let name: String
  let contrast: Float
  var labelNames: [String] { TinyWorld.labelNames }
  var imageShape: [Int] { [TinyWorld.side, TinyWorld.side, 1] }

  func logits(_ images: Tensor) -> Tensor { featuresAndLogits(images).logits }

  func featuresAndLogits(_ images: Tensor) -> (features: Tensor, logits: Tensor) {
    let count = images.shape[0]
    let pixels = images.elements
    func means(_ edge: Int) -> [Float] {
      let across = TinyWorld.side / edge
      return (0..<count * across * across).map { index in
        let (image, block) = (index / (across * across), index % (across * across))
        let (top, left) = (block / across * edge, block % across * edge)
        var sum: Float = 0
        for row in top..<top + edge {
          for column in left..<left + edge {
            sum += pixels[(image * TinyWorld.side + row) * TinyWorld.side + column]
          }
        }
        return sum / Float(edge * edge)
      }
    }
    return (
      Tensor(means(3), shape: [count, 16]), Tensor(means(6).map { $0 * contrast }, shape: [count, 4])
    )
  }
}

/// It says the same of every image.
struct BlindJudge: FeatureClassifier {
  let name = "blind"
  var labelNames: [String] { TinyWorld.labelNames }
  var imageShape: [Int] { [TinyWorld.side, TinyWorld.side, 1] }

  func logits(_ images: Tensor) -> Tensor { featuresAndLogits(images).logits }

  func featuresAndLogits(_ images: Tensor) -> (features: Tensor, logits: Tensor) {
    let count = images.shape[0]
    return (
      Tensor([Float](repeating: 1, count: count * 16), shape: [count, 16]),
      Tensor([Float](repeating: 0, count: count * 4), shape: [count, 4])
    )
  }
}
