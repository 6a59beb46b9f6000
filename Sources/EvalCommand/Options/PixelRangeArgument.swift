import ArgumentParser
import Datasets
import FoundationEssentials

/// A ``Datasets/PixelRange`` as people write it.
extension PixelRange {
  /// `low...high`, and what else can mean only one range: `-1,1`, `0..255`, `0-255`, `[-1, 1]`.
  static func parse(_ text: String) throws -> PixelRange {
    guard let (low, high) = ends(text) else {
      let numbers = text.matches(of: /[+-]?[0-9]*\.?[0-9]+/).compactMap { Double($0.output) }
      throw ValidationError(
        numbers.count == 2
          ? "write it as \(written(numbers[0], numbers[1]))"
          : "expected two numbers with three dots between them, such as 0...1 or -1...1")
    }
    guard low < high, (high - low).isFinite else {
      let (least, most) = (min(low, high), max(low, high))
      throw ValidationError(
        "expected black before a brighter white, found \(short(low)) and \(short(high))"
          + (low > high && (most - least).isFinite ? "; write it as \(written(least, most))" : ""))
    }
    return PixelRange(low: low, high: high)
  }

  private static func written(_ low: Double, _ high: Double) -> String { "\(short(low))...\(short(high))" }

  private static func ends(_ text: String) -> (Double, Double)? {
    let number = "[+-]?(?:[0-9]+(?:\\.[0-9]+)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
    let between = "\\.{3}|…|\\.{2}<?|[,;:–—]|-|to|\\s"
    let pattern = "^\\s*[\\[(]?\\s*(\(number))\\s*(?:\(between))\\s*(\(number))\\s*[\\])]?\\s*$"
    guard let match = (try? Regex(pattern)).flatMap({ text.wholeMatch(of: $0) }),
      let first = match[1].substring, let second = match[2].substring,
      let low = Double(first), let high = Double(second), low.isFinite, high.isFinite
    else { return nil }
    return (low, high)
  }
}
