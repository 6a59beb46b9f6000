import Datasets
import Kernels

/// Verdicts on trial: sets drawn from real and from spoilt images that the judges have seen already, so that
/// a set is judged in a moment.
///
/// A set is drawn without putting back: real images do not repeat themselves.
public struct VerdictTrial {
  /// Images to draw from, as the judges see them.
  public struct Pool {
    let images: SetDamage.Images
    let views: [String: JudgeView]
    /// Training images that they are near to; nil leaves copies out.
    let known: (nearest: NearestImages, aligned: AlignedCopies)?

    /// Images to draw from.
    public var count: Int { images.labels.count }
  }

  /// The judges, and the real images that they compare with.
  public let panel: JudgePanel
  /// Of the reference.
  private let neighbors: RealNeighbors?

  /// A trial of the verdicts that a panel gives.
  ///
  /// - Parameters:
  ///   - panel: the judges, and the real images that they compare with.
  ///   - neighbors: of the panel's held-out images; nil leaves copies out.
  /// - Precondition: the panel's images are square and grey.
  public init(_ panel: JudgePanel, neighbors: RealNeighbors?) {
    precondition(
      panel.heldOut.height == panel.heldOut.width && panel.heldOut.channels == 1,
      "VerdictTrial: images \(panel.heldOut.shape)")
    (self.panel, self.neighbors) = (panel, neighbors)
  }

  /// Real images, square and grey, as damage takes them.
  public func images(_ images: LabeledImages) -> SetDamage.Images {
    SetDamage.Images(
      pixels: images.pixels, labels: images.labels.map(Int.init), side: images.height,
      labelCount: images.labelNames.count)
  }

  /// A pool to draw sets from; the judges look at its images once, however many sets follow.
  ///
  /// - Parameters:
  ///   - images: those that sets are drawn from.
  ///   - views: of these images, by the judges' names; nil has the judges look.
  ///   - findsCopies: whether training images near to them are looked for.
  public func pool(
    _ images: SetDamage.Images, views: [String: JudgeView]? = nil, findsCopies: Bool
  ) -> Pool {
    let training = panel.training
    return Pool(
      images: images,
      views: views ?? panel.judges.views(of: images.pixels),
      known: findsCopies && neighbors != nil
        ? (
          NearestImages(of: images.pixels[...], in: training.pixels, size: training.valuesPerImage),
          AlignedCopies(of: images.pixels, in: training)
        ) : nil)
  }

  /// Sets of one size, of which what is known of the real images is known.
  public struct OfCount {
    private let trial: VerdictTrial
    private let statistics: RealStatistics
    private let references: [String: JudgeReference]
    /// Images of a set.
    public let count: Int

    init(_ trial: VerdictTrial, _ count: Int) throws(Matrix.NoConvergence) {
      self.trial = trial
      self.count = count
      statistics = try trial.panel.statistics(count: count)
      references = trial.panel.references(statistics)
    }

    /// The verdicts on one set that was drawn from the pool.
    ///
    /// - Parameters:
    ///   - pool: of the same trial.
    ///   - draw: of `count` images, or the floor is that of another number.
    ///   - areLabelsKnown: whether the judges are told the labels that were asked for.
    /// - Throws: `Matrix.NoConvergence` where a decomposition does not converge.
    public func findings(
      on pool: Pool, _ draw: SetDamage.Draw, areLabelsKnown: Bool
    ) throws(Matrix.NoConvergence) -> VerdictFindings {
      let size = pool.images.side * pool.images.side
      var pixels: [UInt8] = []
      pixels.reserveCapacity(draw.indices.count * size)
      for index in draw.indices { pixels += pool.images.pixels[index * size..<(index + 1) * size] }
      let views = pool.views.mapValues { $0.selecting(draw.indices) }
      let panel = trial.panel
      let cells = panel.judges.first.flatMap { views[$0.name]?.distribution.predictions } ?? []
      let score = try panel.score(
        pixels, views: views, labels: areLabelsKnown ? draw.labels : nil, statistics, references: references,
        memorization: pool.known.flatMap { known in
          trial.neighbors.map {
            panel.memorization(
              known.nearest.selecting(draw.indices), known.aligned.selecting(draw.indices), cells, $0)
          }
        })
      let evidence = VerdictEvidence(
        score, statistics, judges: panel.judges.map(\.name), labelNames: panel.heldOut.labelNames,
        clampedShare: 0)
      return evidence.map(VerdictCatalog.findings) ?? VerdictFindings(given: [], withheld: [], absent: [])
    }
  }

  /// Computes what has to be known of the real images for sets of `count`.
  ///
  /// - Throws: `Matrix.NoConvergence` where a decomposition does not converge.
  public func of(count: Int) throws(Matrix.NoConvergence) -> OfCount { try OfCount(self, count) }
}
