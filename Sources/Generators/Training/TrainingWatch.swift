import Files
import FoundationEssentials
import Glibc

/// Looks at a training's figures and says once what is wrong with it.
///
/// From the mean losses of an interval, and from the labels that a judge gives to some of the generator's
/// images. It warns; only a loss that is not a number stops a training (``GeneratorTrainer/Divergence``).
public struct TrainingWatch: Codable, Equatable, Sendable {
  /// What can be wrong with a training that goes on all the same.
  public enum Warning: String, Codable, CaseIterable, Sendable {
    /// The discriminator tells nothing apart: both losses stay where a coin would put them, the generator's
    /// at ln 2.
    case stuck
    /// The discriminator is certain: its loss is nearly 0, and the generator learns nothing more from it.
    case saturated
    /// The images show few of the labels.
    case collapsed
  }

  /// A warning with its evidence.
  public struct Finding: Codable, Equatable, Sendable {
    /// What is wrong.
    public let warning: Warning
    /// The generator step after which it was seen.
    public let step: Int
    /// The evidence, in words for a person.
    public let detail: String
  }

  /// Intervals in a row before a loss is called stuck or saturated.
  private static let patience = 3
  /// A share of the images that counts as showing a label: a tenth of what an even spread over ten labels
  /// gives.
  private static let leastShare = 0.01
  /// With fewer labels shown than half, the generator has collapsed.
  private static let leastLabels = 0.5

  private let isLogistic: Bool
  private var stuckFor = 0
  private var saturatedFor = 0
  private var told: Set<Warning> = []

  /// A watch over a training from its first step on.
  ///
  /// - Parameter isLogistic: whether the losses are those of a binary cross-entropy, which alone have a known
  ///   coin's value; the scale of critics and energies is their own.
  public init(isLogistic: Bool) { self.isLogistic = isLogistic }

  /// Whether binary cross-entropies are those of a coin: ln 2 for each image, the discriminator's summed over
  /// a real and a drawn one.
  public static func isStuck(generator: Double, discriminator: Double) -> Bool {
    abs(generator - log(2)) < 2e-3 && abs(discriminator - 2 * log(2)) < 4e-3
  }

  /// What the mean losses of an interval say.
  public mutating func look(at losses: Losses, step: Int) -> [Finding] {
    guard isLogistic, let generator = losses["generator"], let discriminator = losses["discriminator"] else {
      return []
    }
    stuckFor = Self.isStuck(generator: generator, discriminator: discriminator) ? stuckFor + 1 : 0
    saturatedFor = discriminator < 0.02 ? saturatedFor + 1 : 0
    var findings: [Finding] = []
    if stuckFor >= Self.patience {
      findings += once(
        .stuck, step,
        Text.formatted(
          "the generator's loss stays at ln 2 (%.4f): the discriminator tells nothing apart",
          generator))
    }
    if saturatedFor >= Self.patience {
      findings += once(
        .saturated, step,
        Text.formatted("the discriminator's loss is %.4f: it is certain, and teaches nothing", discriminator))
    }
    return findings
  }

  /// What the labels that a judge gave to some images of an unconditional, or evenly asked, generator say.
  public mutating func look(atLabels labels: [Int], names: [String], step: Int) -> [Finding] {
    guard !labels.isEmpty, !names.isEmpty else { return [] }
    var counts = [Int](repeating: 0, count: names.count)
    for label in labels { counts[label] += 1 }
    let shown = counts.indices.filter { Double(counts[$0]) >= Self.leastShare * Double(labels.count) }
    guard Double(shown.count) < Self.leastLabels * Double(names.count) else { return [] }
    let list = shown.sorted { counts[$0] > counts[$1] }.map { index in
      "\(names[index]) \(Int((100 * Double(counts[index]) / Double(labels.count)).rounded())) %"
    }
    return once(
      .collapsed, step, "\(shown.count) of \(names.count) labels are drawn: \(list.joined(separator: ", "))")
  }

  private mutating func once(_ warning: Warning, _ step: Int, _ detail: String) -> [Finding] {
    told.insert(warning).inserted ? [Finding(warning: warning, step: step, detail: detail)] : []
  }

  /// Refuses what a watch over so many intervals that has given these warnings cannot be.
  func check(
    _ check: FieldCheck, isLogistic: Bool, intervals: Int, told: [Warning]
  ) throws(FileError) {
    try check(
      self.isLogistic == isLogistic, "journal.watch.isLogistic", "\(isLogistic)", found: self.isLogistic)
    for (name, count) in [("stuckFor", stuckFor), ("saturatedFor", saturatedFor)] {
      try check(
        (0...intervals).contains(count), "journal.watch.\(name)", "from 0 to \(intervals)", found: count)
    }
    try check(
      self.told == Set(told) && told.count == self.told.count, "journal.watch.told",
      "what the findings say, each once",
      found: self.told.map(\.rawValue).sorted())
  }
}
