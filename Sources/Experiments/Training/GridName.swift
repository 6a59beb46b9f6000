/// The names of the pictures that a generator's training makes of a step, below the folder `grids`.
package enum GridName {
  /// The grid of a step, and that of the codes for generators that have two.
  package static func names(step: Int) -> [String] {
    let number = String(repeating: "0", count: max(0, 7 - "\(step)".count)) + "\(step)"
    return ["step-\(number).png", "codes-\(number).png"]
  }

  /// The step in the name of a grid; nil for other files.
  package static func step(of name: String) -> Int? {
    name.wholeMatch(of: /step-([0-9]+)\.png/).flatMap { Int($0.output.1) }
  }
}
