import Eval
import Files

/// What a report says of a system, and how evidence bears on it.
///
/// The judgement is made by machine: by the distance of `resnet`, whose ranks agree with those of outside
/// networks (docs/results/judge.md), by shares of labels and by losses. What only an eye can tell stays open.
public struct PublishedClaim: Sendable {
  /// As the report says it, in our words.
  public let sentence: String
  private let judge: @Sendable (RowEvidence) -> Finding

  /// How a claim stands.
  public enum Outcome: String, Codable, Sendable {
    /// The evidence bears it out.
    case holds
    /// The evidence contradicts it.
    case fails = "does not hold"
    /// Not trained long enough, or nothing that a machine could tell.
    case open
  }

  /// What evidence says of a claim.
  public struct Finding: Codable, Equatable, Sendable {
    /// How the claim stands.
    public let outcome: Outcome
    /// The figures, in a sentence without a full stop.
    public let found: String

    init(_ outcome: Outcome, _ found: String) { (self.outcome, self.found) = (outcome, found) }
    init(holds: Bool, _ found: String) { self.init(holds ? .holds : .fails, found) }
  }

  init(_ sentence: String, _ judge: @escaping @Sendable (RowEvidence) -> Finding) {
    (self.sentence, self.judge) = (sentence, judge)
  }

  /// What a row's evidence says of the claim.
  public func finding(_ evidence: RowEvidence) -> Finding { judge(evidence) }

  /// A claim about the end of a training can hold or fail only there, be it another row's.
  ///
  /// - Parameter judge: gives nil where the evidence lacks what it needs.
  static func atTheEnd(
    _ sentence: String, _ judge: @escaping @Sendable (RowEvidence) -> Finding?
  ) -> PublishedClaim {
    PublishedClaim(sentence) { evidence in
      guard let finding = judge(evidence) else { return Finding(.open, "nothing was measured") }
      return evidence.isComplete ? finding : Finding(.open, "so far \(finding.found)")
    }
  }

  /// A share of right images, published as a number rounded to `rounding`.
  static func accuracy(_ published: Double, rounding: Double = 0.005, _ what: String) -> PublishedClaim {
    .atTheEnd("\(Text.percent(published, digits: 0)) of the \(what) are right") { evidence in
      evidence.accuracies[what].map { own in
        let interval = own.interval
        let near = (interval.lowerBound - rounding)...(interval.upperBound + rounding)
        return Finding(
          holds: near.contains(published), "\(Text.percent(own.value)) (\(Text.percents(interval)) %)")
      }
    }
  }

  /// Of images asked of a conditional generator, a label's commonest is the label itself: by the first seed.
  /// What the other seeds give is told.
  static let columnsHoldLabels = PublishedClaim.atTheEnd("each column holds images of one label") {
    evidence in
    func found(_ labels: [RowEvidence.AskedLabel]) -> (right: Int, asked: Int, wrong: String) {
      (
        labels.reduce(0) { $0 + $1.share.correct }, labels.reduce(0) { $0 + $1.share.count },
        labels.filter { !$0.isCommonest }.map(\.label).joined(separator: ", ")
      )
    }
    guard let own = evidence.askedLabels.map(found) else { return nil }
    let others = evidence.repeats.filter(\.isComplete).compactMap { other in
      other.askedLabels.map(found).map {
        "seed \(other.seed): \($0.right)\($0.wrong.isEmpty ? "" : ", \($0.wrong)")"
      }
    }
    return Finding(
      holds: own.wrong.isEmpty,
      "\(own.right) of \(own.asked) images are taken for what was asked"
        + (own.wrong.isEmpty ? "" : "; mostly taken for something else: \(own.wrong)")
        + (others.isEmpty ? "" : " (\(others.joined(separator: "; ")))"))
  }

  /// The discriminator's loss changes downwards more than the generator's.
  static let discriminatorLeads = PublishedClaim.atTheEnd(
    "the discriminator's loss falls faster than the generator's"
  ) { evidence in
    guard let (first, last) = evidence.lossesOfTenths else { return nil }
    let changes = (last.discriminator - first.discriminator, last.generator - first.generator)
    return Finding(
      holds: changes.0 < changes.1,
      "from the first tenth to the last the discriminator's changes by \(Text.signed(changes.0)), the generator's "
        + "by \(Text.signed(changes.1))")
  }

  /// Whether the two losses are farther apart, or not, in the last tenth of the training than in the first.
  static func losses(diverge: Bool) -> PublishedClaim {
    .atTheEnd(diverge ? "the two losses diverge" : "the two losses stay in balance") { evidence in
      guard let (first, last) = evidence.lossesOfTenths else { return nil }
      let gaps = (abs(first.generator - first.discriminator), abs(last.generator - last.discriminator))
      return Finding(
        holds: (gaps.1 > gaps.0) == diverge,
        "they are \(Text.fixed(gaps.0, 3)) apart in the first tenth, \(Text.fixed(gaps.1, 3)) in the last")
    }
  }
}

extension Text {
  /// With its sign, and three decimals.
  fileprivate static func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + fixed(value, 3) }
}
