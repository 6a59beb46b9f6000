/// Who asked for a run, for its manifest.
public struct RunCommand: Sendable {
  /// What the run is one of, such as `train classifier`: a later one of that name removes what this one made.
  public let name: String
  /// The command line, word by word; empty where there was none.
  public let words: [String]
  /// The version of the program.
  public let version: String

  /// The name alone is enough where no command line asked for the run.
  public init(name: String, words: [String] = [], version: String = "") {
    self.name = name
    self.words = words
    self.version = version
  }
}
