import Datasets
import Kernels

/// What has to be known of the real images before anything is scored, and is worth keeping: it follows from
/// the data, the judges and the number of images to be scored, and from nothing else.
///
/// The held-out images (the test split) are the reference of every distance; the training images are what a
/// generator could have copied, and the floor: as many of them as are scored, measured like generated ones.
public struct RealStatistics: Codable, Sendable {
  /// One judge's part.
  public struct OfJudge: Codable, Sendable {
    let neighborhoods: Neighborhoods
    /// Real images against real ones: what a perfect generator would get.
    public let floor: JudgeScore
    /// Uniform noise against real images: what no generator should get.
    public let ceiling: JudgeScore
    /// What two real samples of these sizes are apart in expectation.
    public let expectedBias: Double
    /// Of the held-out images themselves.
    public let inceptionScore: Double
    /// Held-out images that were given their label, and all of them.
    let correct, count: Int
    /// M[t][p]: held-out images of label t that were given p.
    public let confusion: [[Int]]

    /// How many held-out images the judge gives their own label.
    public var labelAccuracy: Proportion { Proportion(correct: correct, count: count) }
  }

  /// By the judges' names.
  public let judges: [String: OfJudge]
  /// The share of held-out images that all judges give the same label.
  public let agreement: Double
  /// Mean SSIM of pairs of held-out images of each label.
  public let similarityPerLabel: [Double?]
  /// The mean and the deviation of all pixels of the held-out images, in [0, 1].
  public let brightness, contrast: Double
  /// The deviation of an image's mean from image to image.
  public let brightnessDeviation: Double
  /// Held-out images that another one is nearly the same as (``AlignedCopies``).
  public let repeats: Proportion

  static let pairsKey = Key(seed: 0).derived(1)

  /// - Parameters:
  ///   - views: what each judge sees of the held-out images, by name.
  ///   - count: of the images to be scored.
  init(
    _ judges: [Judge], views: [String: JudgeView], heldOut: LabeledImages, training: LabeledImages, count: Int
  ) throws(Matrix.NoConvergence) {
    let labels = heldOut.labels.map(Int.init)
    let sample = training.balancedSample(count)
    let noise = Self.noise(count * heldOut.valuesPerImage)
    var parts: [String: OfJudge] = [:]
    for judge in judges {
      guard let view = views[judge.name] else { continue }
      let reference = JudgeReference(view, labels: labels)
      let seen = view.distribution
      parts[judge.name] = OfJudge(
        neighborhoods: reference.whole.neighborhoods,
        floor: try reference.score(judge.view(sample.pixels), labels: sample.labels),
        ceiling: try reference.score(judge.view(noise), labels: nil),
        expectedBias: try reference.whole.expectedBias(count: count),
        inceptionScore: seen.inceptionScore,
        correct: zip(seen.predictions, labels).count { $0 == $1 }, count: labels.count,
        confusion: ConfusionMatrix(
          labels: heldOut.labelNames, trueLabels: labels, predictions: seen.predictions
        ).matrix)
    }
    self.judges = parts
    agreement = Self.agreement(
      judges.compactMap { views[$0.name]?.distribution.predictions })
    similarityPerLabel = Self.similarity(
      heldOut.pixels, labels: labels, of: heldOut)
    (brightness, contrast) = Self.brightnessAndContrast(heldOut.pixels)
    brightnessDeviation = Self.brightnessDeviation(heldOut.pixels, size: heldOut.valuesPerImage)
    repeats = Self.repeats(heldOut.pixels, heldOut)
  }

  /// Images `[N, …]` of the real ones' size that another one of them is nearly the same as.
  static func repeats(_ pixels: [UInt8], _ real: LabeledImages) -> Proportion {
    Proportion(
      right: AlignedCopies(
        among: pixels, height: real.height, width: real.width, channels: real.channels
      ).isCopy)
  }

  private static func brightnessDeviation(_ pixels: [UInt8], size: Int) -> Double {
    let means = stride(from: 0, to: pixels.count, by: size).map { start in
      Double(pixels[start..<start + size].reduce(0) { $0 + Int($1) }) / Double(255 * size)
    }
    let mean = means.reduce(0, +) / Double(means.count)
    return (means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, means.count - 1)))
      .squareRoot()
  }

  /// The share of images that all judges give the same label.
  static func agreement(_ predictions: [[Int]]) -> Double {
    guard let first = predictions.first, !first.isEmpty else { return 1 }
    let agreed = first.indices.count { index in predictions.allSatisfy { $0[index] == first[index] } }
    return Double(agreed) / Double(first.count)
  }

  /// ``StructuralSimilarity/amongPairs(of:members:height:width:pairs:key:)`` for each label, of colour by its
  /// luma.
  static func similarity(
    _ pixels: [UInt8], labels: [Int], of real: LabeledImages
  ) -> [Double?] {
    let grey = real.channels == 3 ? GreyConversion.luma(pixels) : pixels
    return real.labelNames.indices.map { label in
      StructuralSimilarity.amongPairs(
        of: grey, members: labels.indices.filter { labels[$0] == label }, height: real.height,
        width: real.width, key: pairsKey.derived(label))
    }
  }

  static func brightnessAndContrast(_ pixels: [UInt8]) -> (Double, Double) {
    let (sum, squares) = pixels.reduce(into: (0, 0)) { sums, pixel in
      sums.0 += Int(pixel)
      sums.1 += Int(pixel) * Int(pixel)
    }
    let count = Double(pixels.count)
    let mean = Double(sum) / count
    return (mean / 255, max(0, Double(squares) / count - mean * mean).squareRoot() / 255)
  }

  private static func noise(_ count: Int) -> [UInt8] {
    let key = Key(seed: 0).derived(2)
    var noise = [UInt8](repeating: 0, count: count)
    noise.withUnsafeMutableBufferPointer { noise in
      let noise = noise
      Parallel.forEach(count: count, chunkSize: Parallel.elementsPerChunk) { range in
        for i in range { noise[i] = UInt8(truncatingIfNeeded: key.word(i)) }
      }
    }
    return noise
  }
}

/// The nearest training images of all real images: the slowest of what is known beforehand, and a matter of
/// pixels alone.
public struct RealNeighbors: Codable, Sendable {
  /// Of each held-out image.
  public let heldOut: NearestImages
  /// Of each training image, another one.
  public let training: NearestImages
  /// Of each held-out image, whether it is nearly a training image, moved or mirrored.
  public let aligned: AlignedCopies

  init(heldOut: LabeledImages, training: LabeledImages) {
    let size = training.valuesPerImage
    self.heldOut = NearestImages(of: heldOut.pixels[...], in: training.pixels, size: size)
    self.training = NearestImages(of: training.pixels[...], in: training.pixels, size: size, own: 0)
    aligned = AlignedCopies(of: heldOut.pixels, in: training)
  }

  private init(heldOut: NearestImages, training: NearestImages, aligned: AlignedCopies) {
    (self.heldOut, self.training, self.aligned) = (heldOut, training, aligned)
  }

  /// With the first held-out images alone.
  package func prefix(_ count: Int) -> RealNeighbors {
    let indices = Array(heldOut.indices.indices.prefix(count))
    return RealNeighbors(
      heldOut: heldOut.selecting(indices), training: training, aligned: aligned.selecting(indices))
  }
}

extension AlignedCopies {
  /// - Parameter queries: of the images' size.
  init(of queries: [UInt8], in images: LabeledImages) {
    self.init(
      of: queries, in: images.pixels, height: images.height, width: images.width, channels: images.channels)
  }
}

extension LabeledImages {
  /// `count` images, the labels in turn as far as they reach; all of them, and again from the start, where
  /// there are fewer.
  public func balancedSample(_ wanted: Int) -> (pixels: [UInt8], labels: [Int]) {
    let perLabel = labelNames.indices.map { indices(ofLabel: $0) }
    var chosen: [Int] = []
    var round = 0
    while chosen.count < min(wanted, count) {
      for members in perLabel where round < members.count { chosen.append(members[round]) }
      round += 1
    }
    chosen = (0..<wanted).map { chosen[$0 % chosen.count] }
    return (chosen.flatMap { image(at: $0) }, chosen.map { Int(labels[$0]) })
  }
}
