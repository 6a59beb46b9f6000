/// A result in the forms that a command prints.
public protocol ResultReport {
  /// For people.
  ///
  /// - Parameter layout: how wide a line may be, and whether charts may have colours.
  func table(_ layout: Layout) -> String
  /// Whole, in the schema that it names.
  ///
  /// - Throws: `NotFinite` where a number of the result is not finite.
  func json() throws -> String
  /// The figures of the table.
  var csv: String { get }
}
