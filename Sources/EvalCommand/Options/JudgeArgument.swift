import ArgumentParser
import Experiments

/// A judge as `FILE`, or as `FILE,features=NODE` with the node whose values are its features.
extension JudgeSource: ExpressibleByArgument {
  private static let mark = ",features="

  /// What was written behind `--judge`.
  public init?(argument: String) {
    guard let range = argument.firstRange(of: Self.mark) else {
      self.init(argument)
      return
    }
    self.init(
      String(argument[..<range.lowerBound]), features: String(argument[range.upperBound...]))
  }

  /// As it is written.
  public var defaultValueDescription: String { classifier + (features.map { Self.mark + $0 } ?? "") }
}
