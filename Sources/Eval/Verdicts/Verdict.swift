/// Something that a person should know of a result, in words and with its evidence.
public struct Verdict: Codable, Equatable, Sendable {
  public enum Name: String, Codable, Sendable, CaseIterable {
    case collapsed
    case unbalanced
    case repeatsItself = "repeats itself"
    case unlikeTheReal = "unlike the real"
    case lowDiversity = "low diversity"
    case memorizes
    case labelsIgnored = "labels ignored"
    case wrongContrast = "wrong contrast"
    case tooFewSamples = "too few samples"
    case judgesDisagree = "judges disagree"
    // Of classifiers under attack.
    case falseWin = "false win"
    case notTrusted = "not to be trusted"
  }

  public let name: Name
  public let detail: String

  public init(name: Name, detail: String) {
    self.name = name
    self.detail = detail
  }
}
