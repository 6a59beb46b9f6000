/// An objective whose losses follow from the steps before. What it remembers is part of the training's state.
public protocol RememberingObjective: Objective {
  /// What is kept from step to step, in the form that the training's state has it.
  associatedtype Memory: Codable & Equatable & Sendable

  /// What it remembers now; as at the start where nothing was trained.
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
  /// 1: the rates are the recipe's.
  public var rateFactor: Float { 1 }

  /// Does nothing.
  public mutating func finishEpoch() {}
}

/// A field of a stored memory, what was expected of it and what was found.
public struct MemoryFault: Sendable {
  /// The field's name.
  public let field: String
  /// What it should be, in words that go on from "expected" and its name.
  public let expected: String
  /// What it is.
  public let found: String

  /// A fault of `field`; what was found is put into words.
  public init(_ field: String, expected: String, found: Any) {
    self.field = field
    self.expected = expected
    self.found = "\(found)"
  }
}
