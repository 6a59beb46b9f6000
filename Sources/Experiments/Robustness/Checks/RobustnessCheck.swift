import Eval

/// A check of an evaluation of robustness: a claim, and what evidence says of it.
package struct RobustnessCheck: Sendable {
  /// What evidence says of a claim.
  package struct Finding {
    let outcome: Check.Outcome
    /// With its figures.
    let found: String
    /// What the claim is about in this report, such as a classifier's name.
    var subject: String?

    init(_ outcome: Check.Outcome, _ found: String, subject: String? = nil) {
      (self.outcome, self.found, self.subject) = (outcome, found, subject)
    }

    /// - Parameter otherwise: the outcome where the claim does not hold.
    init(holds: Bool, otherwise: Check.Outcome = .fail, _ found: String, subject: String? = nil) {
      self.init(holds ? .pass : otherwise, found, subject: subject)
    }
  }

  /// As the documents number it, such as `C8`.
  package let number: String
  /// What has to hold.
  package let claim: String
  private let examine: @Sendable (RobustnessEvidence) -> Finding

  init(_ number: String, _ claim: String, _ examine: @escaping @Sendable (RobustnessEvidence) -> Finding) {
    self.number = number
    self.claim = claim
    self.examine = examine
  }

  package func check(_ evidence: RobustnessEvidence) -> Check {
    let finding = examine(evidence)
    return Check(
      number, claim + (finding.subject.map { " (\($0))" } ?? ""), finding.outcome, finding.found)
  }
}

/// All checks by number. A new one is one value in one of the three lists, by what it is about.
///
/// C15, C25 and C28 are ``Statement``s: there is nothing in them that could fail.
package enum RobustnessCheckCatalog {
  package static let all: [RobustnessCheck] =
    (SoundnessChecks.all + StrengthChecks.all + DisclosureChecks.all).sorted {
      Int($0.number.dropFirst()) ?? 0 < Int($1.number.dropFirst()) ?? 0
    }
}
