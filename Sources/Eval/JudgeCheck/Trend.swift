import Files
import FoundationEssentials

/// A series of values, such as a distance for each strength of damage.
package struct Trend: Sendable {
  let values: [Double]
  /// Standard errors, or none.
  let errors: [Double]

  package init(values: [Double], errors: [Double] = []) { (self.values, self.errors) = (values, errors) }

  init(_ figures: [MetricFigure]) {
    self.init(values: figures.map(\.value), errors: figures.map { $0.standardError ?? 0 })
  }

  /// Whether each value is larger than the one before, by more than three standard errors of both.
  var risesBeyondErrors: Bool { steps.allSatisfy { $0.rise > 3 * $0.error } }

  /// Whether no value is smaller than the one before by more than three standard errors of both, and the last
  /// is larger than the first.
  var risesWithinErrors: Bool {
    guard let first = values.first, let last = values.last else { return true }
    return last > first && steps.allSatisfy { $0.rise >= -3 * $0.error }
  }

  /// From each value to the next one, with the standard error of both.
  private var steps: [(rise: Double, error: Double)] {
    values.indices.dropFirst().map { index in
      let square = errors.isEmpty ? 0 : errors[index] * errors[index] + errors[index - 1] * errors[index - 1]
      return (values[index] - values[index - 1], square.squareRoot())
    }
  }

  var falls: Bool { zip(values, values.dropFirst()).allSatisfy { $0 > $1 } }

  var text: String { text("%.3g") }
  func text(decimals: Int) -> String { text("%.\(decimals)f") }

  private func text(_ format: String) -> String {
    values.map { Text.formatted(format, $0) }.joined(separator: " → ")
  }
}
