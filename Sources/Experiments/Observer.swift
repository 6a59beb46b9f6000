/// Who hears of an experiment while it runs. By default nobody does.
public struct Observer {
  /// How far a piece of the work is. It is called in the order of the work, on the thread that asked for it;
  /// what it throws ends the experiment, and that is how one is cancelled.
  public var progress: (WorkProgress) throws -> Void
  /// Something to be known that is no error: a sentence without a full stop.
  public var note: (String) -> Void
  /// Something without which the result would be misread.
  public var warning: (String) -> Void

  /// An observer of these closures; one that is left out does nothing.
  public init(
    progress: @escaping (WorkProgress) throws -> Void = { _ in }, note: @escaping (String) -> Void = { _ in },
    warning: @escaping (String) -> Void = { _ in }
  ) {
    self.progress = progress
    self.note = note
    self.warning = warning
  }
}

/// A piece of work, and how much of it is done. Pieces follow each other; each begins with a new ``label``.
public struct WorkProgress: Sendable, Equatable {
  /// What is being done, such as `conv pgd everywhere`.
  public let label: String
  /// In ``unit``s, of which there are ``total``.
  public let done, total: Int
  /// What is counted, such as `images`.
  public let unit: String
  /// What the work itself has to say, such as its loss.
  public let detail: String

  /// A state of the work: `done` units of `total`.
  public init(_ label: String, _ done: Int, of total: Int, unit: String, detail: String = "") {
    self.label = label
    self.done = done
    self.total = total
    self.unit = unit
    self.detail = detail
  }
}
