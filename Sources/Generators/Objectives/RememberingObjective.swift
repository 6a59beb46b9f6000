/// An objective whose losses follow from the steps before. What it remembers is part of the training's state.
public protocol RememberingObjective: Objective {
  associatedtype Memory: Codable & Equatable & Sendable

  var memory: Memory { get set }
  /// A factor on the learning rates.
  var rateFactor: Float { get }

  /// Called after a generator step with the mean scores of the step's real and generated images.
  mutating func finishStep(real: Float, fake: Float)

  /// Called after an epoch.
  mutating func finishEpoch()

  /// The first field of a stored memory that is not what `steps` steps of an epoch can leave; nil where all
  /// are.
  static func fault(in memory: Memory, steps: Int) -> MemoryFault?
}

extension RememberingObjective {
  public var rateFactor: Float { 1 }
  public mutating func finishEpoch() {}
}

/// A field of a stored memory, what was expected of it and what was found.
public struct MemoryFault: Sendable {
  public let field, expected, found: String

  public init(_ field: String, expected: String, found: Any) {
    self.field = field
    self.expected = expected
    self.found = "\(found)"
  }
}
