import Files

/// Turns a node into a value: at once where its inputs are constants, else as an operation of the program.
typealias Operator = @Sendable (NodeReader, GraphBuilder) throws(FileError) -> Value

/// The operators that can be read, by their names in the format. A family is one file and one line here.
enum OperatorCatalog {
  /// The versions of the format's operators whose differences are known here.
  static let opsets = 7...23

  static let all: [String: Operator] = [
    Products.operators, Convolutions.operators, Poolings.operators, Normalizations.operators,
    Activations.operators, Arithmetic.operators, Reductions.operators, Softmaxes.operators,
    Shapes.operators, Constants.operators, Choices.operators,
  ].reduce(into: [:]) { all, family in all.merge(family) { first, _ in first } }

  /// All names, for refusals.
  static let names = all.keys.sorted().joined(separator: ", ")
}
