import Datasets
import Eval
import Kernels
import Synchronization

/// How often verdicts are given to real images, and how often to the damage that they are for, measured.
///
/// Sets of each size are drawn, without putting back, from three kinds of real images: those that nobody
/// has learnt from, one half of the held-out ones judged by the other half; the held-out ones judged by
/// themselves; and training images (without the verdict on copies, which they are). Every second set is
/// judged without its labels. `Eval.SetDamage` is drawn from the unseen half and from training images.
/// Networks look at each image once.
public enum VerdictMeasurement {
  /// Sizes of the sets of real images; those of more images than a kind has are left out.
  public static let counts = [20, 50, 100, 300, 1000, 3000, 10_000]
  /// Sizes of the sets of damaged images; those above half of the held-out images are left out.
  public static let damageCounts = [100, 300, 1000, 4000]

  /// Above this many images fewer sets are drawn, in proportion.
  private static let fullCount = 1000
  /// Sets of damaged images: a share of those of real ones.
  private static let damageShare = 5
  /// Training images to draw from: the last ones, for the first ones are the floor.
  private static let trainingCount = 20_000

  /// Draws and judges the sets.
  ///
  /// - Parameters:
  ///   - judges: with different names.
  ///   - heldOut: real images, square and grey; `Eval/JudgeTrial/fewestImages` or more.
  ///   - training: what the judges have learnt from; the last of these images are drawn from, too.
  ///   - draws: sets of each kind and size.
  ///   - version: of the judges, for the result.
  ///   - observer: hears of each step before it is taken.
  /// - Throws: `Matrix.NoConvergence`, what the observer throws.
  public static func run(
    _ judges: [Judge], heldOut: LabeledImages, training: LabeledImages, draws: Int, version: String,
    observer: Observer = .init()
  ) throws -> VerdictMeasurementResult {
    precondition(draws > 0 && heldOut.count >= 2 * FeatureReference.fewest, "VerdictMeasurement: \(draws)")
    let half = heldOut.count / 2
    var steps = Steps(total: counts.count * 3 + SetDamage.all.count + 2, observer: observer)
    try steps.begin("neighbours")
    let whole = JudgePanel(judges, heldOut: heldOut, training: training)
    let neighbors = whole.neighbors()
    try steps.begin("images")
    let ofWhole = VerdictTrial(whole, neighbors: neighbors)
    let ofHalf = VerdictTrial(
      JudgePanel(judges, heldOut: heldOut.prefix(half), training: training),
      neighbors: neighbors.prefix(half))
    let unseen = ofHalf.images(heldOut.at(Array(half..<heldOut.count)))
    let known = ofHalf.images(training.at(Array(max(0, training.count - trainingCount)..<training.count)))
    var rates: [VerdictMeasurementResult.Rate] = []
    let kinds = [
      ("unseen images", ofHalf, unseen, true), ("held-out images", ofWhole, ofWhole.images(heldOut), true),
      ("training images", ofHalf, known, false),
    ]
    for (name, trial, images, findsCopies) in kinds {
      let pool = trial.pool(images, findsCopies: findsCopies)
      for count in counts {
        try steps.begin("\(count) \(name)")
        guard count <= pool.count else { continue }
        let wanted = max(1, min(draws, draws * fullCount / count))
        let key = Key(seed: 0).derived(rates.count)
        let sets = try trial.of(count: count)
        let found = try each(wanted) { index in
          let key = key.derived(index)
          let indices = Array(key.permutation(pool.count).prefix(count))
          return try sets.findings(
            on: pool, .init(indices: indices, labels: indices.map { images.labels[$0] }),
            areLabelsKnown: index % 2 == 0)
        }
        rates += VerdictMeasurementResult.rates(found, images: name, isDueTo: nil, count: count)
      }
    }
    let sizes = try damageCounts.filter { $0 <= half }.map { try ofHalf.of(count: $0) }
    for damage in SetDamage.all {
      try steps.begin(damage.name)
      let spoilt = damage.spoilt(damage.isOfTraining ? known.prefix(half) : unseen, key: Key(seed: 1))
      let pool = ofHalf.pool(spoilt, findsCopies: damage.isOfTraining)
      for sets in sizes {
        let found = try each(max(1, draws / damageShare)) { index in
          let draw = damage.draw(sets.count, from: spoilt, key: Key(seed: 2).derived(index))
          return try sets.findings(on: pool, draw, areLabelsKnown: true)
        }
        rates += VerdictMeasurementResult.rates(
          found, images: damage.name, isDueTo: damage.verdict, count: sets.count)
      }
    }
    try steps.end()
    return VerdictMeasurementResult(judge: version, draws: draws, rates: rates)
  }

  /// One after the other on each thread: a set is too small to be shared among them.
  private static func each(
    _ count: Int, _ body: (Int) throws -> VerdictFindings
  ) throws -> [VerdictFindings] {
    let collected = Collected()
    Parallel.forEach(chunks: count) { index in collected.set(index, Result { try body(index) }) }
    return try collected.inOrder().map { try $0.get() }
  }

  /// What several threads found, by number.
  private final class Collected: Sendable {
    private let results = Mutex<[Int: Result<VerdictFindings, any Error>]>([:])

    func set(_ index: Int, _ result: Result<VerdictFindings, any Error>) {
      results.withLock { $0[index] = result }
    }

    func inOrder() -> [Result<VerdictFindings, any Error>] {
      results.withLock { $0 }.sorted { $0.key < $1.key }.map(\.value)
    }
  }

  private struct Steps {
    let total: Int
    let observer: Observer
    var done = 0

    init(total: Int, observer: Observer) { (self.total, self.observer) = (total, observer) }

    mutating func begin(_ detail: String) throws {
      try observer.progress(WorkProgress("measuring", done, of: total, unit: "parts", detail: detail))
      done += 1
    }

    func end() throws { try observer.progress(WorkProgress("measuring", total, of: total, unit: "parts")) }
  }
}

/// `assay/verdict-rates/1`: how often each verdict was given, by kind and size of the sets.
public struct VerdictMeasurementResult: Encodable, Sendable {
  /// How often one verdict was given.
  public struct Rate: Encodable, Sendable {
    /// The verdict that was given or not.
    public let verdict: Verdict.Name
    /// What the sets were drawn from.
    public let images: String
    /// The verdict that is due, which need not be this one; nil to real images.
    public let due: Verdict.Name?
    /// Images of a set.
    public let count: Int
    /// Sets that were given it, of those in which it could be.
    public let given: Proportion
  }

  /// The format of the file and its version.
  public let schema = "assay/verdict-rates/1"
  /// Version of the judges.
  public let judge: String
  /// Sets of each kind and size that were asked for. Of more than 1,000 images fewer are drawn, of damage a
  /// fifth.
  public let draws: Int
  /// The rates, kind by kind in the order of the measurement; without verdicts that none of the sets could
  /// get.
  public let rates: [Rate]

  static func rates(
    _ found: [VerdictFindings], images: String, isDueTo due: Verdict.Name?, count: Int
  ) -> [Rate] {
    VerdictCatalog.all.compactMap { rule in
      let tested = found.filter { findings in
        [findings.given, findings.withheld, findings.absent].contains { $0.contains { $0.name == rule.name } }
      }
      guard !tested.isEmpty else { return nil }
      return Rate(
        verdict: rule.name, images: images, due: due, count: count,
        given: Proportion(right: tested.map { $0.given.contains { $0.name == rule.name } }))
    }
  }
}
