import CProcessor

/// Two neighbouring bfloat16 numbers along the side that a product sums over, the first in the low half.
///
/// A bfloat16 is the upper half of a `Float`: its sign, its exponent, and 7 of its 23 bits of mantissa.
/// Products of two are exact in a `Float`; what is lost is lost in rounding the factors, to 2⁻⁹ of their
/// size.
typealias Pair = Int32

/// The rounding of factors to bfloat16, and their packing into ``Pair``s.
package enum BFloat16 {
  /// The nearest bfloat16.
  package static func rounded(_ x: Float) -> Float {
    Float(bitPattern: upperBits(Lanes(repeating: x))[0])
  }

  /// Whether this program has the processor's instructions; without them the same bits come of more steps.
  @inline(__always)
  static var isNative: Bool {
    Processor.Code.multipliesBFloat16
  }

  /// The bits of the nearest bfloat16, of two that are as near the even one, in the upper half. Subnormal
  /// numbers become zero, as in the processor's instruction; what is not a number stays none.
  @inline(__always)
  static func upperBits(_ x: Lanes) -> SIMD16<UInt32> {
    let bits = unsafeBitCast(x, to: SIMD16<UInt32>.self)
    let rounded = bits &+ 0x7FFF &+ ((bits &>> 16) & 1)
    // All ones or all zeros by way of a carry into the sign, since comparisons would go lane by lane.
    let isNoNumber = SIMD16<UInt32>.zero &- (((bits & 0x7FFF_FFFF) &+ 0x007F_FFFF) &>> 31)
    let isNormal = SIMD16<UInt32>.zero &- (((bits & 0x7F80_0000) &+ 0x7FFF_FFFF) &>> 31)
    let magnitude = ((rounded & ~isNoNumber) | ((bits | 0x40_0000) & isNoNumber)) & isNormal
    return (magnitude | (bits & 0x8000_0000)) & 0xFFFF_0000
  }

  /// Pairs of numbers that stand in two rows, one above the other.
  @inline(__always)
  static func pairs(_ low: Lanes, _ high: Lanes) -> SIMD16<Pair> {
    if isNative { return assay_pairs_of_rows(low, high) }
    return unsafeBitCast((upperBits(low) &>> 16) | upperBits(high), to: SIMD16<Pair>.self)
  }

  /// Packs rows of a matrix by twos: target[p, i] = (source[2p, i], source[2p + 1, i]), beyond the last row
  /// zero.
  ///
  /// - Parameters:
  ///   - source: `[rows, columns]`, rows `pitch` apart.
  ///   - target: `[⌈rows / 2⌉, columns]`, rows `targetPitch` apart.
  static func packRows(
    _ source: UnsafePointer<Float>, pitch: Int, rows: Int, columns: Int,
    into target: UnsafeMutablePointer<Pair>, targetPitch: Int
  ) {
    for p in 0..<(rows &+ 1) / 2 {
      let low = source + 2 &* p &* pitch
      let hasHigh = 2 &* p &+ 1 < rows
      let to = target + p &* targetPitch
      var i = 0
      while i &+ 16 <= columns {
        let high = hasHigh ? Lanes(at: low + (pitch &+ i)) : .zero
        UnsafeMutableRawPointer(to + i).storeBytes(of: pairs(Lanes(at: low + i), high), as: SIMD16<Pair>.self)
        i &+= 16
      }
      while i < columns {
        to[i] = pair(low[i], hasHigh ? low[pitch &+ i] : 0)
        i &+= 1
      }
    }
  }

  /// Packs numbers that stand side by side: target[p] = (source[2p], source[2p + 1]), beyond the last zero.
  @inline(__always)
  static func pack(_ source: UnsafePointer<Float>, count: Int, into target: UnsafeMutablePointer<Pair>) {
    var i = 0
    while i &+ 32 <= count {
      UnsafeMutableRawPointer(target + i / 2).storeBytes(
        of: inLine(Lanes(at: source + i), Lanes(at: source + (i &+ 16))), as: SIMD16<Pair>.self)
      i &+= 32
    }
    while i < count {
      target[i / 2] = pair(source[i], i &+ 1 < count ? source[i &+ 1] : 0)
      i &+= 2
    }
  }

  /// 32 numbers, one after the other.
  @inline(__always)
  private static func inLine(_ first: Lanes, _ second: Lanes) -> SIMD16<Pair> {
    if isNative { return assay_pairs_in_line(first, second) }
    let (x, y) = (upperBits(first), upperBits(second))
    let low = SIMD16<UInt32>(lowHalf: x.evenHalf, highHalf: y.evenHalf) &>> 16
    let high = SIMD16<UInt32>(lowHalf: x.oddHalf, highHalf: y.oddHalf)
    return unsafeBitCast(low | high, to: SIMD16<Pair>.self)
  }

  /// sum + a.high·b.high + a.low·b.low. Products of two bfloat16 are exact in a `Float`: only the two sums
  /// are rounded.
  @inline(__always)
  static func adding(_ sum: Lanes, _ a: SIMD16<Pair>, _ b: SIMD16<Pair>) -> Lanes {
    if isNative { return assay_add_products(sum, a, b) }
    return sum.adding(high(a), times: high(b)).adding(low(a), times: low(b))
  }

  @inline(__always)
  private static func low(_ pairs: SIMD16<Pair>) -> Lanes { unsafeBitCast(pairs &<< 16, to: Lanes.self) }

  @inline(__always)
  private static func high(_ pairs: SIMD16<Pair>) -> Lanes {
    unsafeBitCast(pairs & Pair(bitPattern: 0xFFFF_0000), to: Lanes.self)
  }

  @inline(__always)
  private static func pair(_ low: Float, _ high: Float) -> Pair {
    pairs(Lanes(repeating: low), Lanes(repeating: high))[0]
  }
}

/// Sixteen columns of C whose factors are ``Pair``s: C[·] + a.high·b.high[·] + a.low·b.low[·].
struct PairTileRow16: TileRow {
  private var x: Lanes
  static var columns: Int { 16 }
  @inline(__always) init() { x = .zero }
  @inline(__always) init(at p: UnsafePointer<Float>) { x = Lanes(at: p) }
  @inline(__always) func store(to p: UnsafeMutablePointer<Float>) { x.store(to: p) }
  @inline(__always) static func factor(at p: UnsafePointer<Pair>) -> SIMD16<Pair> {
    UnsafeRawPointer(p).loadUnaligned(as: SIMD16<Pair>.self)
  }
  @inline(__always) mutating func add(_ a: Pair, times b: SIMD16<Pair>) {
    x = BFloat16.adding(x, SIMD16(repeating: a), b)
  }
}
