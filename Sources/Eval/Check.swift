/// One property that has to hold for a number to be trusted, tried: of a judge, or of an evaluation of
/// robustness.
public struct Check: Codable, Equatable, Sendable {
  public enum Outcome: String, Codable, Sendable {
    case pass, fail, warning
    case notApplicable = "not applicable"
  }

  /// As the documents number it, such as `C8` or `T3`.
  public let number: String
  /// What has to hold.
  public let claim: String
  public let outcome: Outcome
  /// What was found, with its figures.
  public let found: String

  public init(_ number: String, _ claim: String, _ outcome: Outcome, _ found: String) {
    self.number = number
    self.claim = claim
    self.outcome = outcome
    self.found = found
  }

  /// - Parameter otherwise: the outcome where the claim does not hold.
  public init(_ number: String, _ claim: String, holds: Bool, otherwise: Outcome = .fail, _ found: String) {
    self.init(number, claim, holds ? .pass : otherwise, found)
  }

  public var passed: Bool { outcome == .pass }
}
