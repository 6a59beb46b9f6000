import Foundation

/// A series of values, such as a distance for each strength of damage.
package struct Trend: Sendable {
  let values: [Double]
  /// Standard errors.
  let errors: [Double]

  package init(values: [Double], errors: [Double] = []) { (self.values, self.errors) = (values, errors) }

  init(_ figures: [MetricFigure]) {
    self.init(values: figures.map(\.value), errors: figures.map { $0.standardError ?? 0 })
  }

  /// Whether each value is larger than the one before, by more than three standard errors of both.
  var risesBeyondErrors: Bool {
    values.indices.dropFirst().allSatisfy { index in
      let error = (errors[index] * errors[index] + errors[index - 1] * errors[index - 1]).squareRoot()
      return values[index] - values[index - 1] > 3 * error
    }
  }

  var rises: Bool { zip(values, values.dropFirst()).allSatisfy { $0 < $1 } }
  var falls: Bool { zip(values, values.dropFirst()).allSatisfy { $0 > $1 } }

  var text: String { text("%.3g") }
  func text(decimals: Int) -> String { text("%.\(decimals)f") }

  private func text(_ format: String) -> String {
    values.map { String(format: format, $0) }.joined(separator: " → ")
  }
}
