/// A source of random numbers without state: the numbers follow from the key and a position alone.
///
/// Philox 4×32 with 10 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
/// Block i of a key is philox(counter = (i, stream), key), four 32-bit words. Every stochastic call of the
/// package takes a `Key`; two calls with the same key give the same numbers. To use randomness twice, derive
/// two keys with ``derived(_:)``. Not for secrets.
public struct Key: Hashable, Sendable {
  let low: UInt32
  let high: UInt32

  /// The key of a seed; different seeds have different keys.
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

  /// Calls `body(start, bits, n)` for consecutive runs that together cover `0..<count`, on all threads:
  /// `bits` holds 32 random bits for each of the n positions from `start` on.
  public func forEachRun(
    count: Int, _ body: (_ start: Int, _ bits: UnsafePointer<UInt32>, _ count: Int) -> Void
  ) {
    let runLength = 512
    Parallel.forEach(count: count, chunkSize: Parallel.elementsPerChunk) { range in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: runLength) { buffer in
        guard let bits = buffer.baseAddress else { return }
        for start in stride(from: range.lowerBound, to: range.upperBound, by: runLength) {
          Philox.fill(bits, count: runLength, firstCounter: UInt64(start / 4), key: (low, high))
          body(start, bits, min(runLength, range.upperBound - start))
        }
      }
    }
  }

  /// Uniform in [0, 1): the 24 high bits of a word.
  @inlinable @inline(__always)
  public static func uniform(_ bits: UInt32) -> Float {
    Float(Int32(truncatingIfNeeded: bits >> 8)) * 0x1p-24
  }

  /// The word at `index` of this key's sequence of its own (not that of ``forEachRun(count:_:)``).
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

/// The generator itself; see ``Key``.
package enum Philox {
  static let multipliers: (UInt64, UInt64) = (0xD251_1F53, 0xCD9E_8D57)
  static let increments: (UInt32, UInt32) = (0x9E37_79B9, 0xBB67_AE85)

  /// One block of four words at a 128-bit counter.
  package static func block(
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

  /// Writes the blocks from `firstCounter` on, `count` words, a multiple of 32.
  ///
  /// Eight blocks are computed side by side: of each eight, words 0 and 1 of every block come first, then
  /// words 2 and 3.
  package static func fill(
    _ words: UnsafeMutablePointer<UInt32>, count: Int, firstCounter: UInt64, key: (UInt32, UInt32)
  ) {
    let target = UnsafeMutableRawPointer(words)
    let low = SIMD8<UInt64>(repeating: 0xFFFF_FFFF)
    let lanes = SIMD8<UInt64>(0, 1, 2, 3, 4, 5, 6, 7)
    let (m0, m1) = (SIMD8(repeating: multipliers.0), SIMD8(repeating: multipliers.1))
    for group in 0..<count / 32 {
      let counter = lanes &+ SIMD8(repeating: firstCounter &+ UInt64(8 &* group))
      var c0 = counter & low
      var c1 = counter &>> 32
      var c2 = SIMD8<UInt64>.zero
      var c3 = SIMD8<UInt64>.zero
      var k = key
      for _ in 0..<10 {
        let a = c0 &* m0
        let b = c2 &* m1
        c0 = (b &>> 32) ^ c1 ^ SIMD8(repeating: UInt64(k.0))
        c1 = b & low
        c2 = (a &>> 32) ^ c3 ^ SIMD8(repeating: UInt64(k.1))
        c3 = a & low
        k = (k.0 &+ increments.0, k.1 &+ increments.1)
      }
      target.storeBytes(of: c0 | (c1 &<< 32), toByteOffset: 128 &* group, as: SIMD8<UInt64>.self)
      target.storeBytes(of: c2 | (c3 &<< 32), toByteOffset: 128 &* group &+ 64, as: SIMD8<UInt64>.self)
    }
  }
}
