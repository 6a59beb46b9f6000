/// Something that is said of a report beside its checks, without a test: it cannot fail.
public struct Statement: Codable, Equatable, Sendable {
  /// As the documents number it, among the checks.
  public let number: String
  /// The statement, with its figures: a sentence without a full stop.
  public let text: String

  /// A statement with its number among the checks.
  public init(_ number: String, _ text: String) {
    self.number = number
    self.text = text
  }
}
