import Datasets
import Kernels

/// Judges on trial: they have to notice what is known to be wrong, and only that.
///
/// The first half of the held-out images is the reference, the second half is what gets damaged, so that
/// nothing judged has been learnt from.
public struct JudgeTrial {
  /// Who is tried.
  public let judges: [Judge]
  /// The labels of the held-out images, by their numbers.
  public let labelNames: [String]
  let side: Int
  let training: LabeledImages
  /// The second half, and what it should be seen as.
  let images: [UInt8]
  let labels: [Int]
  let panel: JudgePanel
  /// Of the second half as it is, by the judges' names.
  let views: [String: JudgeView]
  let references: [String: JudgeReference]
  /// For as many images as there are in the second half.
  let statistics: RealStatistics
  private let known: KnownNeighbors
  let key = Key(seed: 0)

  /// What a generator drew while it was trained; without it nothing is said of that.
  public var checkpoints: JudgedCheckpoints?
  /// What a generator draws with less and less noise, likewise.
  public var truncation: JudgedTruncation?

  /// Fewer held-out images cannot tell the lightest damage.
  public static let fewestImages = 1000

  /// Has the judges look at all images, and computes what is to be known of the reference.
  ///
  /// - Precondition: at least ``fewestImages`` held-out images, square and grey.
  /// - Throws: `Matrix.NoConvergence` where a decomposition does not converge.
  public init(_ judges: [Judge], heldOut: LabeledImages, training: LabeledImages) throws {
    precondition(
      heldOut.count >= Self.fewestImages && heldOut.height == heldOut.width && heldOut.channels == 1,
      "JudgeTrial: images \(heldOut.shape)")
    let half = heldOut.count / 2
    self.judges = judges
    labelNames = heldOut.labelNames
    side = heldOut.height
    self.training = training
    images = Array(heldOut.pixels[half * heldOut.valuesPerImage..<2 * half * heldOut.valuesPerImage])
    labels = heldOut.labels[half..<2 * half].map(Int.init)
    let reference = heldOut.prefix(half)
    panel = JudgePanel(judges, heldOut: reference, training: training)
    statistics = try panel.statistics(count: half)
    views = judges.views(of: images)
    known = KnownNeighbors(panel)
    references = panel.views.mapValues { JudgeReference($0, labels: reference.labels.map(Int.init)) }
  }

  /// Every check of ``JudgeCheckCatalog``, in order; each with the name of the judge where there is one a
  /// judge.
  ///
  /// - Parameter progress: called before each kind of check with how many are done and what comes next, and
  ///   at the end; what it throws ends the checks.
  /// - Throws: what `progress` and the drawing of a generator's images throw, and `Matrix.NoConvergence`.
  public func run(progress: (_ done: Int, _ next: String) throws -> Void = { _, _ in }) throws -> [Check] {
    var checks: [Check] = []
    let rules = JudgeCheckCatalog.all
    for (done, rule) in rules.enumerated() {
      try progress(done, "\(rule.number): \(rule.summary)")
      checks += try rule.checks(in: self)
    }
    try progress(rules.count, "")
    return checks
  }

  // MARK: - Distances

  /// Of the reference.
  var neighbors: RealNeighbors { known.neighbors }

  var size: Int { side * side }
  var count: Int { labels.count }

  func pixels(_ indices: [Int]) -> [UInt8] {
    indices.flatMap { images[$0 * size..<($0 + 1) * size] }
  }

  /// The second half as a judge sees it.
  func view(_ judge: Judge) -> JudgeView { Self.own(judge, views) }

  /// - Parameter pixels: damaged images; nil for those of the second half as they are.
  func distance(_ judge: Judge, _ pixels: [UInt8]?) throws -> MetricFigure {
    let view = pixels.map(judge.view) ?? view(judge)
    let distance = try reference(judge).whole.distance(to: view.features)
    return MetricFigure(distance.value, standardError: distance.standardError)
  }

  /// The distances of the second half, damaged more and more.
  func distances(
    _ damage: Damage, strengths: [Double], key: Key
  ) throws -> [(judge: Judge, distances: Trend)] {
    let levels = strengths.map {
      $0 > 0 ? damage.applied(to: images, side: side, strength: $0, key: key) : nil
    }
    return try judges.map { judge in (judge, Trend(try levels.map { try distance(judge, $0) })) }
  }

  /// Everything that one judge has to say of images `[N, side, side]`.
  ///
  /// - Parameter labels: what they should show, where that is known.
  func score(_ judge: Judge, _ pixels: [UInt8], labels: [Int]?) throws -> JudgeScore {
    try reference(judge).score(judge.view(pixels), labels: labels)
  }

  /// The same of images of the second half as they are.
  func score(_ judge: Judge, at indices: [Int]) throws -> JudgeScore {
    try reference(judge).score(view(judge).selecting(indices), labels: indices.map { labels[$0] })
  }

  func reference(_ judge: Judge) -> JudgeReference {
    Self.own(judge, references)
  }

  private static func own<Value>(_ judge: Judge, _ known: [String: Value]) -> Value {
    guard let value = known[judge.name] else {
      preconditionFailure("JudgeTrial: \(judge.name) is not of the panel")
    }
    return value
  }

  func verdicts(on score: PanelScore) -> [Verdict] {
    VerdictEvidence(
      score, statistics, judges: judges.map(\.name), labelNames: labelNames, clampedShare: 0
    ).map(VerdictCatalog.verdicts) ?? []
  }
}

/// Neighbours that take long to find: found once, and only where a check wants them.
private final class KnownNeighbors {
  private let panel: JudgePanel
  private(set) lazy var neighbors = panel.neighbors()

  init(_ panel: JudgePanel) { self.panel = panel }
}

/// Images `[N, side, side]` that a generator drew at some steps of its training, in their order.
public struct JudgedCheckpoints {
  /// Bytes `[N, side, side]`, and the labels that they should show, `[N]`; nil where nothing was asked for.
  public typealias Images = (pixels: [UInt8], labels: [Int]?)
  /// What the claim calls it.
  let name: String
  let draw: [() throws -> Images]

  /// A training's images, drawn when a check wants them.
  ///
  /// - Parameters:
  ///   - name: what the claim calls the training.
  ///   - draw: one for each step, earliest first; what one throws ends the checks.
  public init(name: String, draw: [() throws -> Images]) { (self.name, self.draw) = (name, draw) }
}

/// Images that a generator draws with its noise multiplied by a factor.
public struct JudgedTruncation {
  let name: String
  let draw: (_ factor: Float) throws -> JudgedCheckpoints.Images

  /// A generator's images, drawn when a check wants them.
  ///
  /// - Parameters:
  ///   - name: what the claim calls the generator.
  ///   - draw: images with the noise times the factor, which is at most 1; what it throws ends the checks.
  public init(name: String, draw: @escaping (_ factor: Float) throws -> JudgedCheckpoints.Images) {
    (self.name, self.draw) = (name, draw)
  }
}
