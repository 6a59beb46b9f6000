import ArgumentParser
import Files

/// The size of a disturbance: a number, or a fraction such as `8/255`, which stands for the nearest number to
/// the quotient.
enum EpsilonArgument {
  static func double(_ text: String) throws -> Double {
    guard let value = number(text) else {
      throw ValidationError("expected a number, or a fraction such as 8/255")
    }
    return value
  }

  static func float(_ text: String) throws -> Float { try Float(text) ?? Float(double(text)) }

  /// nil for what is no number, and for a fraction that has no value.
  static func number(_ text: some StringProtocol) -> Double? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      .map { Double($0.trimmed()) }
    guard let first = parts[0] else { return nil }
    guard parts.count > 1 else { return first }
    guard parts.count == 2, let second = parts[1], first.isFinite, second.isFinite, second != 0 else {
      return nil
    }
    return first / second
  }
}

/// Several sizes: `0,0.1,0.2` or `0,2/255,4/255`.
struct EpsilonList {
  let values: [Double]

  init(_ values: [Double]) { self.values = values }

  /// Between commas; or, where there are none, between semicolons or blanks; in brackets or not.
  static func parse(_ text: String) throws -> EpsilonList {
    let list = text.trimmed { "[]() \t".contains($0) }
    let separator = [",", ";"].first { list.contains($0) }
    let parts =
      separator.map { list.split(separator: $0, omittingEmptySubsequences: false).map(String.init) }
      ?? list.split(whereSeparator: \.isWhitespace).map(String.init)
    let numbers = parts.map(EpsilonArgument.number)
    if !parts.isEmpty, !numbers.contains(nil) { return EpsilonList(numbers.compactMap { $0 }) }
    let pieces = list.split { ",;: \t".contains($0) }
    if pieces.count > 1, pieces.allSatisfy({ EpsilonArgument.number($0) != nil }) {
      throw ValidationError("write it as \(pieces.joined(separator: ","))")
    }
    throw ValidationError(
      "expected numbers or fractions with commas between them, such as 0,0.1,0.2 or 0,4/255,8/255")
  }
}
