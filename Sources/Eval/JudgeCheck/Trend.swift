import Foundation

/// A series of values, such as a distance for each strength of damage.
struct Trend {
  let values: [Double]
  /// Standard errors.
  let errors: [Double]

  /// Whether each value is larger than the one before, by more than three standard errors of both.
  var rises: Bool {
    values.indices.dropFirst().allSatisfy { index in
      let error = (errors[index] * errors[index] + errors[index - 1] * errors[index - 1]).squareRoot()
      return values[index] - values[index - 1] > 3 * error
    }
  }

  var text: String { values.map { String(format: "%.3g", $0) }.joined(separator: " → ") }
}
