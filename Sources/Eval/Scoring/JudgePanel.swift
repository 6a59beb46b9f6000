import Datasets
import Kernels

/// Judges, and the real images that they compare with.
public struct JudgePanel {
  /// In the order of reports; the labels that the first one sees are the cells of ``CopyingTest``.
  public let judges: [Judge]
  /// Real images that no generator learnt from: the reference of every distance.
  public let heldOut: LabeledImages
  /// Real images that generators learn from: what they could copy, and the floor.
  public let training: LabeledImages

  /// Of the held-out images, by the judges' names.
  let views: [String: JudgeView]

  /// Has every judge look at the held-out images.
  ///
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
    views = judges.views(of: heldOut.pixels)
  }

  /// What has to be known for scoring `count` images.
  ///
  /// - Throws: `Matrix.NoConvergence` where a decomposition does not converge.
  public func statistics(count: Int) throws(Matrix.NoConvergence) -> RealStatistics {
    try RealStatistics(judges, views: views, heldOut: heldOut, training: training, count: count)
  }

  /// What has to be known for finding copies of training images; it takes long, whatever the judges.
  public func neighbors() -> RealNeighbors { RealNeighbors(heldOut: heldOut, training: training) }

  /// Everything about one set of images.
  ///
  /// - Parameters:
  ///   - pixels: `[N, H, W, C]` of the real images' size, N of at least ``FeatureReference/fewest``.
  ///   - labels: what they should show, `[N]`; nil where nothing was asked for.
  ///   - statistics: for this number of images.
  ///   - neighbors: of the real images; nil leaves memorisation out.
  /// - Throws: `Matrix.NoConvergence` where a decomposition does not converge.
  public func score(
    _ pixels: [UInt8], labels: [Int]?, _ statistics: RealStatistics, _ neighbors: RealNeighbors?
  ) throws(Matrix.NoConvergence) -> PanelScore {
    try score(
      pixels, look(at: pixels, forCopies: neighbors != nil), labels: labels, statistics, neighbors)
  }

  /// What the panel sees of images one by one: the long part of a score, which can be done in parts.
  ///
  /// - Parameters:
  ///   - pixels: `[N, H, W, C]` of the real images' size.
  ///   - forCopies: whether the training images that they are copies of are looked for.
  public func look(at pixels: [UInt8], forCopies: Bool = true) -> SeenImages {
    SeenImages(
      views: judges.views(of: pixels),
      nearest: forCopies
        ? NearestImages(of: pixels[...], in: training.pixels, size: training.valuesPerImage) : nil,
      aligned: forCopies ? AlignedCopies(of: pixels, in: training) : nil)
  }

  /// Whether these are views of `count` images by this panel, as ``look(at:forCopies:)`` has them: what comes
  /// from a file may be anything.
  public func fits(_ seen: SeenImages, count: Int) -> Bool {
    guard Set(seen.views.keys) == Set(judges.map(\.name)), let nearest = seen.nearest,
      let aligned = seen.aligned
    else { return false }
    return seen.views.allSatisfy { name, view in
      view.count == count && view.features.columns == views[name]?.features.columns
        && view.logits.columns == heldOut.labelNames.count
    }
      && [nearest.indices.count, nearest.squaredDistances.count, aligned.isCopy.count, aligned.indices.count]
        .allSatisfy { $0 == count }
      && (nearest.indices + aligned.indices).allSatisfy { (0..<training.count).contains($0) }
  }

  /// Everything about one set of images that was looked at, as
  /// ``score(_:labels:_:_:)`` has it.
  public func score(
    _ pixels: [UInt8], _ seen: SeenImages, labels: [Int]?, _ statistics: RealStatistics,
    _ neighbors: RealNeighbors?
  ) throws(Matrix.NoConvergence) -> PanelScore {
    let cells = judges.first.flatMap { seen.views[$0.name]?.distribution.predictions } ?? []
    var copies: (figures: Memorization, nearest: NearestImages)?
    if let neighbors, let nearest = seen.nearest, let aligned = seen.aligned {
      copies = memorization(nearest, aligned, cells, neighbors)
    }
    return try score(pixels, views: seen.views, labels: labels, statistics, memorization: copies)
  }

  /// What each judge compares with, by name.
  func references(_ statistics: RealStatistics) -> [String: JudgeReference] {
    let labels = heldOut.labels.map(Int.init)
    return Dictionary(
      uniqueKeysWithValues: judges.compactMap { judge -> (String, JudgeReference)? in
        guard let view = views[judge.name], let known = statistics.judges[judge.name] else { return nil }
        return (judge.name, JudgeReference(view, labels: labels, neighborhoods: known.neighborhoods))
      })
  }

  /// The same of what the judges saw already.
  ///
  /// - Parameters:
  ///   - own: by their names.
  ///   - references: likewise; nil makes them.
  func score(
    _ pixels: [UInt8], views own: [String: JudgeView], labels: [Int]?, _ statistics: RealStatistics,
    references known: [String: JudgeReference]? = nil,
    memorization: (figures: Memorization, nearest: NearestImages)?
  ) throws(Matrix.NoConvergence) -> PanelScore {
    let references = known ?? self.references(statistics)
    var (scores, predictions): ([String: JudgeScore], [[Int]]) = ([:], [])
    for judge in judges {
      guard let reference = references[judge.name], let seen = own[judge.name] else { continue }
      scores[judge.name] = try reference.score(seen, labels: labels)
      predictions.append(seen.distribution.predictions)
    }
    let (brightness, contrast) = RealStatistics.brightnessAndContrast(pixels)
    let cells = predictions.first ?? []
    return PanelScore(
      judges: scores, agreement: RealStatistics.agreement(predictions),
      similarityPerLabel: RealStatistics.similarity(
        pixels, labels: labels ?? cells, of: heldOut),
      brightness: brightness, contrast: contrast, repeats: RealStatistics.repeats(pixels, heldOut),
      labelCounts: labels.map { labels in
        heldOut.labelNames.indices.map { label in labels.count { $0 == label } }
      },
      memorization: memorization)
  }

  /// Of images whose training images are known.
  func memorization(
    _ nearest: NearestImages, _ aligned: AlignedCopies, _ predictions: [Int], _ neighbors: RealNeighbors
  ) -> (figures: Memorization, nearest: NearestImages) {
    let seen = judges.first.flatMap { views[$0.name]?.distribution.predictions }
    return (
      Memorization(
        generated: (nearest, predictions), heldOut: (neighbors.heldOut, seen ?? []),
        training: neighbors.training,
        aligned: (aligned, neighbors.aligned),
        size: training.valuesPerImage), nearest
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
  /// Images that another one of the set is nearly the same as (``AlignedCopies``).
  public let repeats: Proportion
  /// Images asked for of each label; nil where nothing was asked for.
  public let labelCounts: [Int]?
  /// With the training image nearest to each.
  public let memorization: (figures: Memorization, nearest: NearestImages)?
}
