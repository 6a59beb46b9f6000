/// The names of the pictures that a generator's training makes of a step, below the folder `grids`.
package enum GridName {
  /// The grid of a step, and that of the codes for generators that have two.
  package static func names(step: Int) -> [String] {
    let number = String(repeating: "0", count: max(0, 7 - "\(step)".count)) + "\(step)"
    return ["step-\(number).png", "codes-\(number).png"]
  }

  /// Whether a training gives this name to a picture of some step.
  static func isOne(_ name: String) -> Bool {
    guard let digits = name.wholeMatch(of: /(?:step|codes)-([0-9]+)\.png/)?.output.1 else { return false }
    return Int(digits).map { names(step: $0).contains(name) } ?? false
  }

  /// The step in the name of a grid; nil for other files.
  package static func step(of name: String) -> Int? {
    name.wholeMatch(of: /step-([0-9]+)\.png/).flatMap { Int($0.output.1) }
  }
}
