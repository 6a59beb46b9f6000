import Glibc

/// Powers of two that bring numbers to a size whose squares and cubes are numbers still. Multiplying by one
/// rounds nothing, so that what follows has the bits that it would have had.
public enum PowerOfTwo {
  /// Numbers up to 2 to this, and down to its inverse, are left as they are.
  private static let ordinaryExponent = 100

  /// e with the largest magnitude in [2ᵉ, 2ᵉ⁺¹); 0 where that is an ordinary size, and where all numbers are
  /// 0.
  public static func exponent(of values: some Sequence<Double>) -> Int {
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    guard largest > 0, largest.isFinite, largest.exponent.magnitude > ordinaryExponent.magnitude else {
      return 0
    }
    return Int(largest.exponent)
  }

  /// What makes the largest magnitude about 1; 1 where it is of an ordinary size.
  static func scale(of values: some Sequence<Double>) -> Double {
    // 2¹⁰²³ is the largest power that is a number.
    scalbn(1, -max(-1023, min(1022, exponent(of: values))))
  }
}
