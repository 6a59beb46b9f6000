/// What is known of one way in which an evaluation of robustness goes wrong.
struct RobustnessCheck: Encodable {
  enum Outcome: String, Encodable {
    case pass, fail, warning
    case notApplicable = "not applicable"
  }

  /// As numbered in docs/results/robustness.md, from C1.
  let number: String
  let claim: String
  let outcome: Outcome
  /// What was found, with its figures.
  let found: String

  init(_ number: Int, _ claim: String, _ outcome: Outcome, _ found: String) {
    self.number = "C\(number)"
    self.claim = claim
    self.outcome = outcome
    self.found = found
  }

  init(_ number: Int, _ claim: String, holds: Bool, otherwise: Outcome = .fail, _ found: String) {
    self.init(number, claim, holds ? .pass : otherwise, found)
  }
}
