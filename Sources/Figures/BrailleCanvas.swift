/// A grid of characters that is drawn on in dots: every character is 2 × 4 braille dots.
///
/// A dot belongs to a layer (a series); a character shows the layer that touched it last. Signs may stand
/// over the dots. Dots outside the canvas are dropped.
struct BrailleCanvas {
  struct Cell {
    var dots: UInt8 = 0
    var sign: Character?
    var layer = 0

    /// What is seen: the sign, the dots, or nothing.
    var character: Character {
      if let sign { return sign }
      guard dots != 0, let scalar = Unicode.Scalar(0x2800 + UInt32(dots)) else { return " " }
      return Character(scalar)
    }
  }

  let columns: Int
  let rows: Int
  private(set) var cells: [[Cell]]

  /// In characters.
  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    cells = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
  }

  /// Draws a straight line; positions run from 0 to 1 across the canvas, upwards in y.
  mutating func line(from start: (x: Double, y: Double), to end: (x: Double, y: Double), layer: Int) {
    let dotsAcross = Double(max(2 * columns, 4 * rows))
    let length = max(abs(end.x - start.x), abs(end.y - start.y)) * dotsAcross
    // A segment that leads far outside gets no more steps than the canvas could show.
    let steps = max(1, Int(min(2 * length, 64 * dotsAcross).rounded(.up)))
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      dot(x: start.x + share * (end.x - start.x), y: start.y + share * (end.y - start.y), layer: layer)
    }
  }

  /// Puts a sign over the character at a position, unless one is there already.
  ///
  /// - Returns: whether it was put.
  @discardableResult
  mutating func sign(_ sign: Character, x: Double, y: Double, layer: Int) -> Bool {
    guard let place = dotPlace(x: x, y: y) else { return false }
    let (column, row) = (place.x / 2, place.y / 4)
    guard cells[row][column].sign == nil else { return false }
    cells[row][column].sign = sign
    cells[row][column].layer = layer
    return true
  }

  private mutating func dot(x: Double, y: Double, layer: Int) {
    guard let place = dotPlace(x: x, y: y) else { return }
    let bit = Self.bits[place.y % 4][place.x % 2]
    let (column, row) = (place.x / 2, place.y / 4)
    cells[row][column].dots |= bit
    if cells[row][column].sign == nil { cells[row][column].layer = layer }
  }

  private func dotPlace(x: Double, y: Double) -> (x: Int, y: Int)? {
    guard (0.0...1).contains(x), (0.0...1).contains(y) else { return nil }
    return (
      Int((x * Double(2 * columns - 1)).rounded()), Int(((1 - y) * Double(4 * rows - 1)).rounded())
    )
  }

  /// Unicode numbers the braille dots by column for the upper three rows; the fourth came later.
  private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
}
