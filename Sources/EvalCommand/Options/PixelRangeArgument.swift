import ArgumentParser
import Foundation

/// The range that ε is counted in. The attack itself always works in [0, 1].
struct PixelRange: Equatable {
  let low: Double
  let high: Double

  static let unit = PixelRange(low: 0, high: 1)
  /// Of ``PublishedCurve``.
  static let published = PixelRange(low: -1, high: 1)

  init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  /// `low...high`, and what else can mean only one range: `-1,1`, `0..255`, `0-255`, `[-1, 1]`.
  static func parse(_ text: String) throws -> PixelRange {
    guard let (low, high) = ends(text) else {
      let numbers = text.matches(of: /[+-]?[0-9]*\.?[0-9]+/).compactMap { Double($0.output) }
      throw ValidationError(
        numbers.count == 2
          ? "write it as \(PixelRange(low: numbers[0], high: numbers[1]).text)"
          : "expected two numbers with three dots between them, such as 0...1 or -1...1")
    }
    guard low < high, (high - low).isFinite else {
      let right = PixelRange(low: min(low, high), high: max(low, high))
      throw ValidationError(
        "expected black before a brighter white, found \(short(low)) and \(short(high))"
          + (low > high && right.width.isFinite ? "; write it as \(right.text)" : ""))
    }
    return PixelRange(low: low, high: high)
  }

  private static func ends(_ text: String) -> (Double, Double)? {
    let number = "[+-]?(?:[0-9]+(?:\\.[0-9]+)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
    let between = "\\.{3}|…|\\.{2}<?|[,;:–—]|-|to|\\s"
    let pattern = "^\\s*[\\[(]?\\s*(\(number))\\s*(?:\(between))\\s*(\(number))\\s*[\\])]?\\s*$"
    guard let expression = try? NSRegularExpression(pattern: pattern),
      let match = expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)),
      let first = Range(match.range(at: 1), in: text), let second = Range(match.range(at: 2), in: text),
      let low = Double(text[first]), let high = Double(text[second]), low.isFinite, high.isFinite
    else { return nil }
    return (low, high)
  }

  var text: String { "\(Self.short(low))...\(Self.short(high))" }
  /// As a reader writes it.
  var title: String { "[\(Self.short(low)), \(Self.short(high))]" }

  /// From black to white.
  var width: Double { high - low }

  /// An ε of this range in units of [0, 1].
  func unitEpsilon(_ epsilon: Double) -> Float { Float(epsilon / width) }

  private static func short(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : String(value)
  }
}

extension PixelRange: CustomStringConvertible {
  var description: String { text }
}
