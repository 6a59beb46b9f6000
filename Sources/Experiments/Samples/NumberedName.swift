/// A name in the order of the numbers in it: `2.png` before `10.png`, where their letters say the opposite.
package struct NumberedName: Comparable {
  private let name: String

  package init(_ name: String) { self.name = name }

  package static func < (a: NumberedName, b: NumberedName) -> Bool {
    var (x, y) = (a.name[...], b.name[...])
    while let p = x.first, let q = y.first {
      if isDigit(p), isDigit(q) {
        let (one, two) = (takeNumber(&x), takeNumber(&y))
        // By length first: a number may have more digits than an integer holds.
        if one != two { return (one.count, one) < (two.count, two) }
      } else {
        if p != q { return p < q }
        x.removeFirst()
        y.removeFirst()
      }
    }
    return x.isEmpty && !y.isEmpty
  }

  /// The digits at the front, without zeros before them.
  private static func takeNumber(_ text: inout Substring) -> Substring {
    let digits = text.prefix(while: isDigit)
    text = text[digits.endIndex...]
    return digits.drop { $0 == "0" }
  }

  private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
