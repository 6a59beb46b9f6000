import Eval
import Files

/// A claim of a report that compares several systems.
public struct PublishedQuestion: Sendable {
  /// As the report says it, in our words.
  public let sentence: String
  /// The report and its section.
  public let source: String
  /// Of the rows that it is about.
  public let rows: [String]
  private let judge: @Sendable (_ rows: [String], [String: RowEvidence]) -> PublishedClaim.Finding?

  /// What the rows' evidence says.
  ///
  /// - Parameter evidence: by the rows' ids. Where that of a row is missing or unfinished the claim stays
  ///   open.
  public func finding(_ evidence: [String: RowEvidence]) -> PublishedClaim.Finding {
    let missing = rows.filter { evidence[$0] == nil }
    guard missing.isEmpty else { return .init(.open, "not run: \(missing.joined(separator: ", "))") }
    guard let finding = judge(rows, evidence) else { return .init(.open, "nothing was measured") }
    let unfinished = rows.filter { evidence[$0]?.isComplete == false }
    guard unfinished.isEmpty else {
      return .init(.open, "so far \(finding.found) (unfinished: \(unfinished.joined(separator: ", ")))")
    }
    return finding
  }

  /// Every claim that compares rows, in the order of the reports.
  public static let all = [
    PublishedQuestion(
      sentence: "WGAN draws the worst images of GAN, CGAN and WGAN", source: "E_in-style, §VI-B",
      rows: ["B1", "B2", "B7"]
    ) { rows, evidence in
      byDistance(evidence, rows) { distances in
        .init(holds: distances.max { $0.value < $1.value }?.row == "B7", text(distances))
      }
    },
    PublishedQuestion(
      sentence: "of the four models wGAN draws the best images", source: "Liu, §4",
      rows: ["D1", "D2", "D3", "D4"]
    ) { rows, evidence in
      byDistance(evidence, rows) { distances in
        .init(holds: distances.min { $0.value < $1.value }?.row == "D3", text(distances))
      }
    },
    PublishedQuestion(
      sentence: "wGAN alone draws sandals", source: "Liu, §5, figure 19", rows: ["D2", "D3", "D4"]
    ) { rows, evidence in
      let shares = rows.compactMap { row in
        evidence[row]?.share(of: "Sandal").map { (row: row, share: $0) }
      }
      guard shares.count == rows.count else { return nil }
      let drawing = shares.filter { $0.share.interval.lowerBound > 0.5 }.map(\.row)
      return .init(
        holds: drawing == ["D3"],
        "taken for sandals: "
          + shares.map { "\($0.row) \($0.share.correct) of \($0.share.count)" }.joined(separator: ", "))
    },
    PublishedQuestion(
      sentence: "the large pair takes twice the time of the small one, and draws better",
      source: "Korkmaz and Erarslan, Evaluation", rows: ["E1", "E2"]
    ) { rows, evidence in
      byDistance(evidence, rows) { distances in
        guard distances.count == rows.count, let small = evidence["E1"]?.seconds,
          let large = evidence["E2"]?.seconds, small > 0
        else { return nil }
        return .init(
          holds: distances[1].value < distances[0].value,
          "\(Text.fixed(large / small, 1)) times the time; \(text(distances))")
      }
    },
    PublishedQuestion(
      sentence: "a sigmoid gets stuck at ln 2, whatever the normalization and the rate",
      source: "Cuesta Córdova",
      rows: ["G1", "G1a", "G1b", "G1c", "G1e", "G1g"]
    ) { rows, evidence in
      let withSigmoid: Set = ["G1b", "G1c", "G1e", "G1g"]
      let stuck = rows.map { (row: $0, step: evidence[$0]?.stuckSince) }
      return .init(
        holds: stuck.allSatisfy { ($0.step != nil) == withSigmoid.contains($0.row) },
        stuck.map { $0.row + ($0.step.map { " stuck from step \($0) on" } ?? " not stuck") }
          .joined(separator: ", "))
    },
    PublishedQuestion(
      sentence: "of all that was tried the small DCGAN with batch normalization draws best",
      source: "Cuesta Córdova, Other experiments",
      rows: ["G1", "G1a", "G1b", "G1c", "G1d", "G1e", "G1f", "G1g"]
    ) { rows, evidence in
      byDistance(evidence, rows) { distances in
        .init(holds: distances.min { $0.value < $1.value }?.row == "G1", text(distances))
      }
    },
  ]

  private typealias Distance = (row: String, value: Double, error: Double)

  /// Judges by `resnet`'s Fréchet distance of each row that did not diverge.
  ///
  /// - Returns: nil where a row has none; that it is open where they are of other numbers of images, which do
  ///   not compare.
  private static func byDistance(
    _ evidence: [String: RowEvidence], _ rows: [String],
    _ judge: ([Distance]) -> PublishedClaim.Finding?
  ) -> PublishedClaim.Finding? {
    let drawn = rows.filter { evidence[$0]?.isDiverged != true }
    let found = drawn.compactMap { row -> Distance? in
      guard let distance = evidence[row]?.distance, let value = distance.value else { return nil }
      return (row, value, distance.standardError ?? 0)
    }
    guard !found.isEmpty, found.count == drawn.count else { return nil }
    let counts = drawn.compactMap { row in evidence[row]?.score.map { (row: row, images: $0.count) } }
    guard Set(counts.map(\.images)).count == 1 else {
      let list = counts.map { "\($0.row) \($0.images)" }.joined(separator: ", ")
      return .init(.open, "judged by different numbers of images, which do not compare: \(list)")
    }
    return judge(found)
  }

  private static func text(_ distances: [Distance]) -> String {
    "distance: "
      + distances.map { "\($0.row) \(Text.short($0.value)) ± \(Text.short($0.error))" }.joined(
        separator: ", ")
  }
}

extension RowEvidence {
  /// The Fréchet distance by the judge whose ranks agree best with outside networks.
  public var distance: MetricValue? {
    RankingJudge.byAgreement.lazy.compactMap { score?.judges[$0]?[.frechetDistance] }.first
  }
}
