import Classifier

/// Where a judge comes from.
public struct JudgeSource: Sendable, Hashable {
  /// A name, a file or a folder, as ``ClassifierSource`` takes it.
  public let classifier: String
  /// The node of a network from elsewhere whose values are its features; nil for the input of its last dense
  /// layer.
  public let features: String?

  /// A classifier, with its own features or those of a node.
  public init(_ classifier: String, features: String? = nil) {
    (self.classifier, self.features) = (classifier, features)
  }
}

extension JudgeSource: ExpressibleByStringLiteral {
  /// A classifier with its own features.
  public init(stringLiteral classifier: String) { self.init(classifier) }
}
