/// exp, log and their relatives as branch-free arithmetic, so that a loop over them is vectorised
/// (a call to the C library is not).
///
/// Errors stay within 3 ulp over the normal range; NaN passes through. Method and coefficients: the Cephes
/// mathematical library (Moshier 1989), single precision. Subnormal results are flushed to zero.
public enum VectorMath {
  /// e^x. 0 below -87.33, ∞ above 88.72.
  @inlinable @inline(__always)
  public static func exp(_ x: Float) -> Float {
    let lowest: Float = -87.33654
    let highest: Float = 88.72283
    var t = x < lowest ? lowest : x
    t = t > highest ? highest : t
    // Adding 1.5·2²³ leaves the nearest integer in the low bits of the sum.
    let shifter: Float = 12_582_912
    let shifted = t * 1.442_695_04 + shifter
    let n = shifted - shifter
    let r = (t - n * 0.693_359_375) + n * 2.121_944_40e-4
    var p: Float = 1.987_569_15e-4
    p = p * r + 1.398_199_950_7e-3
    p = p * r + 8.333_451_907_3e-3
    p = p * r + 4.166_579_589_4e-2
    p = p * r + 1.666_666_545_9e-1
    p = p * r + 5.000_000_120_1e-1
    p = p * r * r + r + 1
    // 2ⁿ in two factors, because n = 128 does not fit into one exponent.
    let bits = Int32(bitPattern: shifted.bitPattern) &- Int32(bitPattern: shifter.bitPattern)
    let half = bits &>> 1
    let first = Float(bitPattern: UInt32(bitPattern: (half &+ 127) &<< 23))
    let second = Float(bitPattern: UInt32(bitPattern: (bits &- half &+ 127) &<< 23))
    let value = p * first * second
    let bounded = x < lowest ? 0 : value
    return x > highest ? .infinity : bounded
  }

  /// ln x for x ≥ 0: -∞ at 0, NaN below.
  @inlinable @inline(__always)
  public static func log(_ x: Float) -> Float {
    // x = m·2ᵉ with m in [√½, √2)
    let rootHalf: UInt32 = 0x3f35_04f3
    let offset = x.bitPattern &- rootHalf
    let e = Float(Int32(bitPattern: offset) &>> 23)
    let m = Float(bitPattern: (offset & 0x007f_ffff) &+ rootHalf) - 1
    let z = m * m
    var p: Float = 7.037_683_629_2e-2
    p = p * m - 1.151_461_031_0e-1
    p = p * m + 1.167_699_874_0e-1
    p = p * m - 1.242_014_084_6e-1
    p = p * m + 1.424_932_278_7e-1
    p = p * m - 1.666_805_766_5e-1
    p = p * m + 2.000_071_476_5e-1
    p = p * m - 2.499_999_399_3e-1
    p = p * m + 3.333_333_117_4e-1
    let tail = p * m * z - e * 2.121_944_40e-4 - 0.5 * z
    let value = m + tail + e * 0.693_359_375
    let positive = x >= Float.leastNormalMagnitude ? value : (x >= 0 ? -.infinity : .nan)
    return x < .infinity ? positive : x
  }

  /// √x, NaN below 0. `Float.squareRoot()` compiles to a branch to the C library for what is below 0, and a
  /// loop with that branch is not vectorised; a magnitude has no such case.
  @inlinable @inline(__always)
  public static func squareRoot(_ x: Float) -> Float {
    let root = x.magnitude.squareRoot()
    return x < 0 ? .nan : root
  }

  /// e^x - 1, accurate to the last places also where x is tiny (Higham 2002, §1.14.1).
  @inlinable @inline(__always)
  public static func expm1(_ x: Float) -> Float {
    let w = exp(x)
    let d = w - 1
    // Near 0 the rounding of w is in d and in the logarithm alike.
    let l = log(w)
    let corrected = l == 0 ? x : d * (x / l)
    return x.magnitude < 0.5 ? corrected : d
  }

  /// ln(1 + u) for u ≥ 0, accurate to the last places also where u is tiny (Goldberg 1991, theorem 4).
  @inlinable @inline(__always)
  public static func log1p(_ u: Float) -> Float {
    let w = 1 + u
    let d = w - 1
    let corrected = log(w) * (u / (d > 0 ? d : 1))
    return d > 0 ? corrected : u
  }

  /// (e^x - e^-x) / (e^x + e^-x)
  @inlinable @inline(__always)
  public static func tanh(_ x: Float) -> Float {
    let a = x.magnitude
    let z = x * x
    var p: Float = -5.704_988_727_45e-3
    p = p * z + 2.063_908_879_54e-2
    p = p * z - 5.373_971_555_31e-2
    p = p * z + 1.333_144_220_36e-1
    p = p * z - 3.333_328_194_22e-1
    let small = x + x * z * p
    let large = 1 - 2 / (exp(2 * a) + 1)
    return a < 0.625 ? small : (x < 0 ? -large : large)
  }

  /// 1 / (1 + e^-x)
  @inlinable @inline(__always)
  public static func sigmoid(_ x: Float) -> Float {
    1 / (1 + exp(-x))
  }

  /// ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|)
  @inlinable @inline(__always)
  public static func softplus(_ x: Float) -> Float {
    (x > 0 ? x : 0) + log1p(exp(-x.magnitude))
  }

  /// erf x = 2/√π ∫₀ˣ e^(-t²) dt
  @inlinable @inline(__always)
  public static func erf(_ x: Float) -> Float {
    let a = x.magnitude
    let large = 1 - erfcTail(a, exp(-a * a))
    return a < 1 ? erfCenter(x) : (x < 0 ? -large : large)
  }

  /// erfc x = 1 - erf x, within 8 ulp also where it is small.
  @inlinable @inline(__always)
  public static func erfc(_ x: Float) -> Float {
    let tail = erfcTail(x.magnitude, bell(x))
    return x.magnitude < 1 ? 1 - erfCenter(x) : (x < 0 ? 2 - tail : tail)
  }

  /// e^(-x²), without the error that rounding x² has in the exponent.
  @inlinable @inline(__always)
  public static func bell(_ x: Float) -> Float {
    // x = h + l, where h has 12 bits and its square no error.
    let a = x.magnitude < 16 ? x.magnitude : 16
    let h = Float(bitPattern: a.bitPattern & 0xffff_f000)
    let value = exp(-h * h) * exp((h - a) * (h + a))
    return x == x ? value : x
  }

  /// erf x for |x| ≤ 1
  @inlinable @inline(__always)
  static func erfCenter(_ x: Float) -> Float {
    let z = x * x
    var p: Float = 7.853_861_353_153_693e-5
    p = p * z - 8.010_193_625_184_903e-4
    p = p * z + 5.188_327_685_732_524e-3
    p = p * z - 2.685_381_193_529_856e-2
    p = p * z + 1.128_358_514_861_418e-1
    p = p * z - 3.761_262_582_423_300e-1
    // 2/√π less 1: x itself is added last, and rounds nothing before.
    p = p * z + 1.283_791_657_267_1e-1
    return x + x * p
  }

  /// erfc a for a ≥ 1, from a and e^(-a²)
  @inlinable @inline(__always)
  static func erfcTail(_ a: Float, _ bell: Float) -> Float {
    let q = 1 / a
    let z = q * q
    var p: Float = 2.326_819_970_068_386e-2
    p = p * z - 1.387_039_388_740_657e-1
    p = p * z + 3.687_424_674_597_105e-1
    p = p * z - 5.824_733_027_278_666e-1
    p = p * z + 6.210_004_621_745_983e-1
    p = p * z - 4.944_515_323_274_145e-1
    p = p * z + 3.404_879_937_665_872e-1
    p = p * z - 2.741_127_028_184_656e-1
    p = p * z + 5.638_259_427_386_472e-1
    var r: Float = -1.047_766_399_936_249e1
    r = r * z + 1.297_719_955_372_516e1
    r = r * z - 7.495_518_717_768_503
    r = r * z + 2.921_019_019_210_786
    r = r * z - 1.015_265_279_202_700
    r = r * z + 4.218_463_358_204_948e-1
    r = r * z - 2.820_767_439_740_514e-1
    r = r * z + 5.641_895_067_754_075e-1
    return bell * q * (a < 2 ? p : r)
  }
}
