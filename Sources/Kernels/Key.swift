/// A source of random numbers without state: the numbers follow from the key and a position alone.
///
/// Philox 4×32 with 10 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
/// Block i of a key is philox(counter = (i, stream), key), four 32-bit words. Every stochastic call of the
/// package takes a `Key`; two calls with the same key give the same numbers. To use randomness twice, derive two
/// keys with ``derived(_:)``. Not for secrets.
public struct Key: Hashable, Sendable {
  @usableFromInline let low: UInt32
  @usableFromInline let high: UInt32

  public init(seed: UInt64) {
    low = UInt32(truncatingIfNeeded: seed)
    high = UInt32(truncatingIfNeeded: seed >> 32)
  }

  /// The key as a number; `Key(seed: key.seed) == key`.
  public var seed: UInt64 { UInt64(high) << 32 | UInt64(low) }

  /// A key that is unrelated to this one and to those of other indices.
  public func derived(_ index: Int) -> Key {
    let stream: UInt64 = 1
    let block = Philox.block(counter: (UInt64(bitPattern: Int64(index)), stream), key: (low, high))
    return Key(seed: UInt64(block.1) << 32 | UInt64(block.0))
  }

  /// Four words at each position of `first..<first + count / 4`, `count` a multiple of 32, in the order
  /// word 0 of eight blocks, word 1 of the same eight, and so on.
  @inlinable @inline(__always)
  public func forEachVector(count: Int, firstVector: Int = 0, _ body: (Int, SIMD8<UInt64>) -> Void) {
    for vector in 0..<count / 32 {
      let words = Philox.blocks(firstCounter: UInt64(8 &* (firstVector &+ vector)), key: (low, high))
      body(32 &* vector, words.0)
      body(32 &* vector &+ 8, words.1)
      body(32 &* vector &+ 16, words.2)
      body(32 &* vector &+ 24, words.3)
    }
  }

  /// Calls `body(i, u)` for every i in `0..<count` with 32 random bits each, on all threads.
  ///
  /// `body` must write only what belongs to i.
  @inlinable @inline(__always)
  public func forEach(count: Int, _ body: (Int, UInt32) -> Void) {
    let chunk = Parallel.elementsPerChunk
    Parallel.forEach(count: count, chunkSize: chunk) { range in
      let start = range.lowerBound
      let whole = range.count / 32 * 32
      forEachVector(count: whole, firstVector: start / 32) { offset, words in
        for lane in 0..<8 { body(start &+ offset &+ lane, UInt32(truncatingIfNeeded: words[lane])) }
      }
      if whole < range.count {
        let words = Philox.blocks(firstCounter: UInt64((start + whole) / 4), key: (low, high))
        let rest = [words.0, words.1, words.2, words.3]
        for i in 0..<range.count - whole {
          body(start + whole + i, UInt32(truncatingIfNeeded: rest[i / 8][i % 8]))
        }
      }
    }
  }

  /// Uniform in [0, 1): the 24 high bits of a word.
  @inlinable @inline(__always)
  public static func uniform(_ bits: UInt32) -> Float {
    Float(Int32(truncatingIfNeeded: bits >> 8)) * 0x1p-24
  }

  /// The word at `index` of this key's sequence of its own (not that of ``forEach(count:_:)``).
  public func word(_ index: Int) -> UInt64 {
    let stream: UInt64 = 2
    let block = Philox.block(counter: (UInt64(bitPattern: Int64(index)), stream), key: (low, high))
    return UInt64(block.1) << 32 | UInt64(block.0)
  }

  /// The numbers `0..<count` in random order (Fisher–Yates).
  public func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(word(last).multipliedFullWidth(by: UInt64(last + 1)).high))
    }
    return order
  }
}

/// The generator itself. Public only so that it can be inlined and tested against published values.
public enum Philox {
  static let multipliers: (UInt64, UInt64) = (0xD251_1F53, 0xCD9E_8D57)
  static let increments: (UInt32, UInt32) = (0x9E37_79B9, 0xBB67_AE85)

  /// One block of four words at a 128-bit counter.
  public static func block(
    counter: (UInt64, UInt64), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var c = (
      UInt32(truncatingIfNeeded: counter.0), UInt32(truncatingIfNeeded: counter.0 >> 32),
      UInt32(truncatingIfNeeded: counter.1), UInt32(truncatingIfNeeded: counter.1 >> 32)
    )
    var k = key
    for _ in 0..<10 {
      let a = multipliers.0 * UInt64(c.0)
      let b = multipliers.1 * UInt64(c.2)
      c = (
        UInt32(b >> 32) ^ c.1 ^ k.0, UInt32(truncatingIfNeeded: b),
        UInt32(a >> 32) ^ c.3 ^ k.1, UInt32(truncatingIfNeeded: a)
      )
      k = (k.0 &+ increments.0, k.1 &+ increments.1)
    }
    return c
  }

  /// Eight blocks at consecutive counters below 2⁶⁴: word w of block b is lane b of the w-th vector.
  @inlinable @inline(__always)
  public static func blocks(
    firstCounter: UInt64, key: (UInt32, UInt32)
  ) -> (SIMD8<UInt64>, SIMD8<UInt64>, SIMD8<UInt64>, SIMD8<UInt64>) {
    let low = SIMD8<UInt64>(repeating: 0xFFFF_FFFF)
    let counter = SIMD8<UInt64>(0, 1, 2, 3, 4, 5, 6, 7) &+ SIMD8(repeating: firstCounter)
    var c0 = counter & low
    var c1 = counter &>> 32
    var c2 = SIMD8<UInt64>.zero
    var c3 = SIMD8<UInt64>.zero
    var k = key
    let m0 = SIMD8<UInt64>(repeating: 0xD251_1F53)
    let m1 = SIMD8<UInt64>(repeating: 0xCD9E_8D57)
    for _ in 0..<10 {
      let a = (c0 & low) &* m0
      let b = (c2 & low) &* m1
      c0 = (b &>> 32) ^ c1 ^ SIMD8(repeating: UInt64(k.0))
      c1 = b & low
      c2 = (a &>> 32) ^ c3 ^ SIMD8(repeating: UInt64(k.1))
      c3 = a & low
      k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85)
    }
    return (c0, c1, c2, c3)
  }
}
