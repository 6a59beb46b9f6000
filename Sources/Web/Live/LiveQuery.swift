import Files

/// What a request asks for, read from the names and values in its address. Everything has a default, so that
/// an address without any is whole.
struct LiveQuery: Sendable {
  private let values: [(name: String, value: String)]

  init(_ values: [(name: String, value: String)]) { self.values = values }

  /// nil where it is not there, or empty as forms send what was left empty.
  subscript(_ name: String) -> String? {
    values.first { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
  }

  /// A whole number.
  ///
  /// - Throws: ``LiveRefusal`` for anything that is none, or outside the range.
  func integer(_ name: String, in range: ClosedRange<Int>, default value: Int) throws(LiveRefusal) -> Int {
    guard let text = self[name] else { return value }
    guard let number = Int(text), range.contains(number) else {
      throw .malformed(
        name, expected: "a number from \(range.lowerBound) to \(range.upperBound)", found: text)
    }
    return number
  }

  /// A seed, of which there are 2⁶⁴; nil where there is none.
  func seed(_ name: String) throws(LiveRefusal) -> UInt64? {
    guard let text = self[name] else { return nil }
    guard let number = UInt64(text) else {
      throw .malformed(name, expected: "a whole number of 0 or more", found: text)
    }
    return number
  }

  /// A number.
  func number(_ name: String, in range: ClosedRange<Double>, default value: Double) throws(LiveRefusal)
    -> Double
  {
    guard let text = self[name] else { return value }
    guard let number = Double(text), range.contains(number) else {
      throw .malformed(
        name, expected: "a number from \(Text.short(range.lowerBound)) to \(Text.short(range.upperBound))",
        found: text)
    }
    return number
  }

  /// One of some names, the first where none is asked for.
  func choice(_ name: String, of names: [String]) throws(LiveRefusal) -> String? {
    guard let text = self[name] else { return names.first }
    guard names.contains(text) else {
      throw .malformed(name, expected: names.joined(separator: ", "), found: text)
    }
    return text
  }
}

/// Why a request is not done, in one sentence that the page shows.
struct LiveRefusal: Error, Equatable, CustomStringConvertible {
  /// The status that the answer has.
  let status: Int
  let description: String

  static func malformed(_ name: String, expected: String, found: String) -> LiveRefusal {
    LiveRefusal(
      status: 400,
      description: "\(name): expected \(expected.visible(limit: 600)), found \(found.visible(limit: 100))")
  }

  static func gone(_ name: String, _ reason: String) -> LiveRefusal {
    LiveRefusal(status: 404, description: "\(name.visible(limit: 200)): \(reason)")
  }
}
