import Datasets
import Kernels

/// Judges, and the real images that they compare with.
public struct JudgePanel {
  public let judges: [Judge]
  public let heldOut, training: LabeledImages

  /// Of the held-out images, by the judges' names.
  let views: [String: JudgeView]

  /// - Parameters:
  ///   - judges: classifiers of images and labels like these, with different names.
  ///   - heldOut: the reference of every distance; at least ``FeatureReference/fewest``.
  ///   - training: what generators learn from.
  public init(_ judges: [Judge], heldOut: LabeledImages, training: LabeledImages) {
    precondition(
      heldOut.count >= FeatureReference.fewest && training.count >= 2,
      "JudgePanel: \(heldOut.count) held-out and \(training.count) training images")
    self.judges = judges
    self.heldOut = heldOut
    self.training = training
    views = Dictionary(uniqueKeysWithValues: judges.map { ($0.name, $0.view(heldOut.pixels)) })
  }

  /// What has to be known for scoring `count` images.
  public func statistics(count: Int) throws(Matrix.NoConvergence) -> RealStatistics {
    try RealStatistics(judges, views: views, heldOut: heldOut, training: training, count: count)
  }

  public func neighbors() -> RealNeighbors { RealNeighbors(heldOut: heldOut, training: training) }

  /// Everything about one set of images.
  ///
  /// - Parameters:
  ///   - pixels: `[N, H, W, C]` of the real images' size, N of at least ``FeatureReference/fewest``.
  ///   - labels: what they should show, `[N]`; nil where nothing was asked for.
  ///   - statistics: for this number of images.
  ///   - neighbors: of the real images; nil leaves memorisation out.
  public func score(
    _ pixels: [UInt8], labels: [Int]?, _ statistics: RealStatistics, _ neighbors: RealNeighbors?
  ) throws(Matrix.NoConvergence) -> PanelScore {
    let trueLabels = heldOut.labels.map(Int.init)
    var (scores, predictions): ([String: JudgeScore], [[Int]]) = ([:], [])
    for judge in judges {
      guard let view = views[judge.name], let known = statistics.judges[judge.name] else { continue }
      let reference = JudgeReference(view, labels: trueLabels, neighborhoods: known.neighborhoods)
      let own = judge.view(pixels)
      scores[judge.name] = try reference.score(own, labels: labels)
      predictions.append(own.distribution.predictions)
    }
    let (brightness, contrast) = RealStatistics.brightnessAndContrast(pixels)
    let cells = predictions.first ?? []
    return PanelScore(
      judges: scores, agreement: RealStatistics.agreement(predictions),
      similarityPerLabel: RealStatistics.similarity(
        pixels, labels: labels ?? cells, labelCount: heldOut.labelNames.count, height: heldOut.height,
        width: heldOut.width),
      brightness: brightness, contrast: contrast,
      memorization: neighbors.map { memorization(of: pixels, cells, $0) })
  }

  private func memorization(
    of pixels: [UInt8], _ predictions: [Int], _ neighbors: RealNeighbors
  ) -> (figures: Memorization, nearest: NearestImages) {
    let nearest = NearestImages(of: pixels[...], in: training.pixels, size: training.valuesPerImage)
    let seen = judges.first.flatMap { views[$0.name]?.distribution.predictions }
    return (
      Memorization(
        generated: (nearest, predictions), heldOut: (neighbors.heldOut, seen ?? []),
        training: neighbors.training, size: training.valuesPerImage), nearest
    )
  }
}

/// What a panel says of one set of images.
public struct PanelScore: Sendable {
  /// By the judges' names.
  public let judges: [String: JudgeScore]
  /// The share of images that all judges give the same label.
  public let agreement: Double
  /// Mean SSIM of pairs of images of each label.
  public let similarityPerLabel: [Double?]
  /// The mean and the deviation of all pixels, in [0, 1].
  public let brightness, contrast: Double
  /// With the training image nearest to each.
  public let memorization: (figures: Memorization, nearest: NearestImages)?
}
