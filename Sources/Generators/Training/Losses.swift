/// The named losses of one step, or the means of some: "discriminator" and "generator", or "reconstruction"
/// and "divergence". In an order that stays.
public struct Losses: Codable, Equatable, Sendable {
  /// What the losses are called.
  public let names: [String]
  /// The losses, in the order of ``names``.
  public private(set) var values: [Double]

  /// Losses in the order that is written down.
  public init(_ values: KeyValuePairs<String, Double>) {
    names = values.map(\.key)
    self.values = values.map(\.value)
  }

  /// The loss with this name; nil where there is none.
  public subscript(_ name: String) -> Double? { names.firstIndex(of: name).map { values[$0] } }

  /// Whether every loss is a finite number.
  public var isFinite: Bool { values.allSatisfy(\.isFinite) }

  /// Adds the values of `other`, which has the same names.
  mutating func add(_ other: Losses) {
    precondition(other.names == names, "Losses: \(other.names) added to \(names)")
    for index in values.indices { values[index] += other.values[index] }
  }

  func divided(by count: Int) -> Losses {
    var result = self
    for index in values.indices { result.values[index] /= Double(count) }
    return result
  }
}

extension Losses: CustomStringConvertible {
  /// Each loss behind its name: `discriminator 1.2, generator 0.8`.
  public var description: String { zip(names, values).map { "\($0) \($1)" }.joined(separator: ", ") }
}
