/// A result in the forms that a command prints.
public protocol ResultReport {
  /// For people.
  func table(_ layout: Layout) -> String
  /// Whole, in the schema that it names.
  func json() throws -> String
  /// The figures of the table.
  var csv: String { get }
}
