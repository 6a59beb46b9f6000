import Experiments

extension Studio {
  /// What can be asked for: names, as addresses have them, and paths.
  struct Offer: Sendable {
    /// Of trained generators.
    var generators: [(name: String, path: String)] = []
    /// Of classifiers beside those that ship with the program.
    var classifiers: [(name: String, path: String)] = []

    var generatorNames: [String] { generators.map(\.name) }
    var classifierNames: [String] { ClassifierSource.referenceNames + classifiers.map(\.name) }
  }
}
