import Glibc

/// Numbers at a place of the key's sequence of words. Two uses in one place are one random number: give each
/// its own range of places, or a derived key.
extension Key {
  /// Uniform in [0, 1), of 53 bits.
  package func uniform(_ index: Int) -> Double { Double(word(index) >> 11) * 0x1p-53 }

  /// Uniform among `range`.
  package func integer(_ index: Int, in range: Range<Int>) -> Int {
    range.lowerBound + Int(word(index).multipliedFullWidth(by: UInt64(range.count)).high)
  }

  package func isHeads(_ index: Int) -> Bool { word(index) & 1 == 0 }

  /// -1 or 1.
  package func sign(_ index: Int) -> Double { isHeads(index) ? -1 : 1 }

  /// Of mean 0 and variance 1 (Box and Muller 1958). An even place and the one after it make two such numbers
  /// from two words.
  package func gaussian(_ index: Int) -> Double {
    let pair = index & ~1
    let radius = (-2 * log(1 - uniform(pair))).squareRoot()
    let angle = 2 * .pi * uniform(pair + 1)
    return radius * (index == pair ? cos(angle) : sin(angle))
  }

  /// The smallest k whose cumulated probability is above a uniform number: exact for the means of photon
  /// counts.
  ///
  /// - Precondition: `mean` is in 0...700; e to its negative must not vanish.
  package func poisson(_ index: Int, mean: Double) -> Int {
    precondition((0...700).contains(mean), "poisson: a mean of \(mean)")
    let u = uniform(index)
    var count = 0
    var probability = exp(-mean)
    var sum = probability
    // The sum may stop short of 1 by rounding, and u lie in that gap.
    while u >= sum, sum + probability > sum {
      count += 1
      probability *= mean / Double(count)
      sum += probability
    }
    return count
  }
}
