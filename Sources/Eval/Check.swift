/// One property that has to hold for a number to be trusted, tried: of a judge, or of an evaluation of
/// robustness.
public struct Check: Codable, Equatable, Sendable {
  /// How a check ended.
  public enum Outcome: String, Codable, Sendable {
    /// The claim holds.
    case pass
    /// The claim does not hold: the number is not to be trusted.
    case fail
    /// The claim does not hold, which asks for a second look and does not invalidate the number.
    case warning
    /// There was nothing to try the claim on; the text found says why.
    case notApplicable = "not applicable"
  }

  /// As the documents number it, such as `C8` or `T3`.
  public let number: String
  /// What has to hold.
  public let claim: String
  /// What came of it.
  public let outcome: Outcome
  /// What was found, with its figures.
  public let found: String

  /// A check whose outcome was decided by the caller.
  public init(_ number: String, _ claim: String, _ outcome: Outcome, _ found: String) {
    self.number = number
    self.claim = claim
    self.outcome = outcome
    self.found = found
  }

  /// A check that passes exactly where its claim holds.
  ///
  /// - Parameters:
  ///   - number: as the documents have it, such as `C8` or `T3`.
  ///   - claim: what has to hold.
  ///   - holds: whether it does.
  ///   - otherwise: the outcome where the claim does not hold.
  ///   - found: what was found, with its figures.
  public init(_ number: String, _ claim: String, holds: Bool, otherwise: Outcome = .fail, _ found: String) {
    self.init(number, claim, holds ? .pass : otherwise, found)
  }

  /// Whether the outcome is ``Outcome/pass``; a warning is not.
  public var passed: Bool { outcome == .pass }
}
