/// A name in the order of the numbers in it: `2.png` before `10.png`, where their letters say the opposite.
package struct NumberedName: Comparable {
  /// Digits that follow each other, and what stands between them.
  private let runs: [Substring]

  package init(_ name: String) {
    var (runs, rest) = ([Substring](), name[...])
    while let first = rest.first {
      let run = rest.prefix { Self.isDigit($0) == Self.isDigit(first) }
      runs.append(run)
      rest = rest[run.endIndex...]
    }
    self.runs = runs
  }

  package static func < (a: NumberedName, b: NumberedName) -> Bool {
    for (x, y) in zip(a.runs, b.runs) where x != y {
      guard let digit = x.first, isDigit(digit), let other = y.first, isDigit(other) else { return x < y }
      // By length without zeros at the front: a number may have more digits than an integer holds.
      let (one, two) = (x.drop { $0 == "0" }, y.drop { $0 == "0" })
      if one != two { return (one.count, one) < (two.count, two) }
    }
    return a.runs.count < b.runs.count
  }

  private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
