import Autograd
import Kernels
import Network

/// What an attack is to do: to make a classifier mistake images by changing only some of their pixels.
public struct AttackTask {
  /// The classifier that gradients and answers are taken from.
  public let classifier: any ImageClassifier
  /// Clean images `[N, H, W, C]`, pixels in [0, 1].
  public let images: Tensor
  /// The true labels.
  public let labels: [Int]
  /// The labels to be reached; nil where any wrong one will do.
  public let targets: [Int]?
  /// The labels that the search goes towards; nil where it only goes away from the true ones. An attack
  /// without targets may still aim, and takes any wrong label that it meets on its way.
  public private(set) var aims: [Int]?
  /// 1 where a pixel may change, 0 elsewhere, of the shape of the images; nil where all may.
  public let mask: Tensor?
  /// One an image, so that an image's random numbers do not depend on which others are attacked with it.
  public private(set) var keys: [Key]
  /// Whether an image that fools the classifier is finished. Images that shall fool another one go on, for
  /// the most loss.
  public private(set) var stopsAtSuccess: Bool

  /// A task; an attack without targets may take any wrong label, and without a mask change every pixel.
  ///
  /// - Precondition: one label, key and target an image; no target is the true label.
  public init(
    _ classifier: any ImageClassifier, images: Tensor, labels: [Int], targets: [Int]? = nil,
    mask: Tensor? = nil,
    keys: [Key], stopsAtSuccess: Bool = true
  ) {
    self.init(
      classifier, images: images, labels: labels, targets: targets, aims: targets, mask: mask, keys: keys,
      stopsAtSuccess: stopsAtSuccess)
  }

  private init(
    _ classifier: any ImageClassifier, images: Tensor, labels: [Int], targets: [Int]?, aims: [Int]?,
    mask: Tensor?,
    keys: [Key], stopsAtSuccess: Bool
  ) {
    precondition(
      images.rank == 4 && labels.count == images.shape[0] && keys.count == labels.count,
      "AttackTask: images \(images.shape), \(labels.count) labels, \(keys.count) keys")
    precondition(
      mask.map { $0.shape == images.shape } ?? true,
      "AttackTask: a mask \(mask?.shape ?? []) for images \(images.shape)")
    precondition(
      targets.map { $0.count == labels.count && zip($0, labels).allSatisfy { $0 != $1 } } ?? true,
      "AttackTask: a target is missing or is the true label")
    self.classifier = classifier
    self.images = images
    self.labels = labels
    self.targets = targets
    self.aims = aims
    self.mask = mask
    self.keys = keys
    self.stopsAtSuccess = stopsAtSuccess
  }

  /// The number of images.
  public var count: Int { labels.count }

  /// The part of the task that has the images at `indices`.
  func at(_ indices: [Int]) -> AttackTask {
    func part<Element>(_ values: [Element]) -> [Element] { indices.map { values[$0] } }
    return AttackTask(
      classifier, images: images.rows(at: indices), labels: part(labels), targets: targets.map(part),
      aims: aims.map(part), mask: mask?.rows(at: indices), keys: part(keys), stopsAtSuccess: stopsAtSuccess)
  }

  /// The same, but the search goes towards a label for each image.
  func aimed(at aims: [Int]) -> AttackTask { with { $0.aims = aims } }

  /// The same, but an image that fools goes on.
  var goingOn: AttackTask { with { $0.stopsAtSuccess = false } }

  /// The same with other random numbers.
  func rekeyed(_ index: Int) -> AttackTask { with { $0.keys = keys.map { $0.derived(index) } } }

  private func with(_ change: (inout AttackTask) -> Void) -> AttackTask {
    var copy = self
    change(&copy)
    return copy
  }

  /// Whether images with these logits `[N, labels]` fool the classifier: wrong, or the target where there is
  /// one.
  public func isFooled(_ logits: Tensor) -> [Bool] {
    isFooled(by: logits.largestPerRow())
  }

  /// Whether images that are taken for these labels fool the classifier.
  func isFooled(by predictions: [Int]) -> [Bool] {
    predictions.indices.map { index in
      targets.map { predictions[index] == $0[index] } ?? (predictions[index] != labels[index])
    }
  }

  /// The pixels that may change, of a change `[N, H, W, C]`; the others become 0.
  public func masked(_ change: Tensor) -> Tensor { mask.map { change * $0 } ?? change }

  /// How far each pixel may move in the ball of L∞ radius `epsilon`, in [0, 1], and within the mask.
  public func box(_ epsilon: Float) -> (lower: Tensor, upper: Tensor) {
    let room = masked(Tensor(repeating: epsilon, shape: images.shape))
    return (
      Tensor.maximum(images - room, .zeros([1, 1, 1, 1])), Tensor.minimum(images + room, .ones([1, 1, 1, 1]))
    )
  }

  /// The nearest points to `x` `[N, H, W, C]` in the ball of radius `epsilon` around the clean images, then
  /// in [0, 1].
  ///
  /// - Parameters:
  ///   - x: may lie outside the ball and outside [0, 1].
  ///   - norm: that the radius is measured in.
  ///   - epsilon: in units of the pixel range [0, 1].
  /// - Precondition: the norm is L∞ or L2.
  public func projected(_ x: Tensor, _ norm: Norm, _ epsilon: Float) -> Tensor {
    let radius = Tensor(repeating: epsilon, shape: [1, 1, 1, 1])
    return (norm.projected(x - images, to: radius) + images).clamped(to: 0...1)
  }

  /// How many pixels of each image may change.
  public var freePixels: [Int] {
    mask.map { Norm.l0.lengths(of: $0).map { Int($0) } }
      ?? [Int](repeating: images.shape.dropFirst().reduce(1, *), count: count)
  }

  // MARK: - Random numbers

  /// What ``random(_:stream:)`` draws.
  public enum Draw: Sendable {
    /// Uniform in [-1, 1).
    case uniform
    /// Normal with deviation 1.
    case normal
    /// -1 or 1.
    case sign
  }

  /// Random numbers in the shape of the images, masked, each image's from its own key; `stream` tells apart
  /// what is drawn for one image.
  public func random(_ draw: Draw, stream: Int) -> Tensor {
    let shape = [1] + images.shape.dropFirst()
    let drawn = keys.map { key -> Tensor in
      let key = key.derived(stream)
      switch draw {
      case .uniform: return .uniform(shape, in: -1..<1, key: key)
      case .normal: return .normal(shape, key: key)
      case .sign:
        return Tensor(shape: shape) { y in
          key.forEachRun(count: shape.product) { start, bits, n in
            for i in 0..<n { y[start + i] = bits[i] & 1 == 0 ? -1 : 1 }
          }
        }
      }
    }
    return masked(Tensor.concatenate(drawn, axis: 0))
  }
}

extension Tensor {
  /// The rows at `indices`, along the first axis; a constant.
  func rows(at indices: [Int]) -> Tensor {
    Tensor(shape: [indices.count] + shape.dropFirst()) { target in
      withElements { source in
        guard let from = source.baseAddress else { return }
        let size = shape.dropFirst().reduce(1, *)
        for (place, row) in indices.enumerated() {
          (target + place * size).update(from: from + row * size, count: size)
        }
      }
    }
  }

  /// The rows of `other` where a flag is set, one's own elsewhere.
  func replacingRows(where flags: [Bool], with other: Tensor) -> Tensor {
    precondition(
      shape == other.shape && flags.count == shape[0],
      "replacingRows: \(shape), \(other.shape), \(flags.count)")
    guard flags.contains(true) else { return self }
    var copy = detached
    copy.writeRows(flags.indices.filter { flags[$0] }, of: other, from: flags.indices.filter { flags[$0] })
    return copy
  }

  /// Overwrites the rows `targets` with the rows `sources` of another tensor.
  mutating func writeRows(_ targets: [Int], of other: Tensor, from sources: [Int]) {
    let size = shape.dropFirst().reduce(1, *)
    precondition(
      Array(shape.dropFirst()) == Array(other.shape.dropFirst()) && targets.count == sources.count,
      "writeRows: \(other.shape) into \(shape)")
    other.withElements { source in
      withMutableElements { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        for (place, row) in zip(targets, sources) {
          (to + place * size).update(from: from + row * size, count: size)
        }
      }
    }
  }

  /// One number an image, `[N, 1, 1, 1]`.
  static func perImage(_ values: [Float]) -> Tensor { Tensor(values, shape: [values.count, 1, 1, 1]) }
}
