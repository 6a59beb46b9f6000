import Eval
import Experiments

/// The rows of a reproduction, their claims and evidence as `assay/reproduction/1`.
struct ReproductionSummary: Encodable {
  struct Row: Encodable {
    struct Claim: Encodable {
      let claim: String
      let finding: PublishedClaim.Finding
    }
    let id, title, source: String
    let claims: [Claim]
    /// Over the trainings by several seeds.
    let accuracySpread, distanceSpread: TrainingSpread?
    let evidence: RowEvidence?
  }
  let schema = "assay/reproduction/1"
  let rows: [Row]

  init(_ rows: [PublishedRow], _ evidence: [String: RowEvidence]) {
    self.rows = rows.map { row in
      let own = evidence[row.id]
      return Row(
        id: row.id, title: row.title, source: row.source,
        claims: own.map { own in
          row.claims.map { .init(claim: $0.sentence, finding: $0.finding(own)) }
        } ?? [], accuracySpread: own?.accuracySpread, distanceSpread: own?.distanceSpread, evidence: own)
    }
  }
}
