import Kernels
import Testing

@Suite struct KeyTests {
  /// The known answers that the authors publish with Random123 (kat_vectors, philox4x32 10).
  @Test func philoxKnownAnswers() {
    let zero = Philox.block(counter: (0, 0), key: (0, 0))
    #expect(zero == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = Philox.block(counter: (.max, .max), key: (.max, .max))
    #expect(ones == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let pi = Philox.block(
      counter: (0x85a3_08d3_243f_6a88, 0x0370_7344_1319_8a2e), key: (0xa409_3822, 0x299f_31d0))
    #expect(pi == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func vectorsEqualSingleBlocks() {
    let first: UInt64 = 0xFFFF_FFFC
    let vectors = Philox.blocks(firstCounter: first, key: (7, 9))
    for lane in 0..<8 {
      let block = Philox.block(counter: (first + UInt64(lane), 0), key: (7, 9))
      #expect(vectors.0[lane] == UInt64(block.0))
      #expect(vectors.1[lane] == UInt64(block.1))
      #expect(vectors.2[lane] == UInt64(block.2))
      #expect(vectors.3[lane] == UInt64(block.3))
    }
  }

  @Test(arguments: [1, 31, 32, 33, 16384, 16385, 50_000])
  func everyPositionGetsItsOwnBits(count: Int) {
    let key = Key(seed: 42)
    var bits = [UInt32](repeating: 0, count: count)
    bits.withUnsafeMutableBufferPointer { bits in
      let bits = bits
      key.forEach(count: count) { bits[$0] = $1 }
    }
    // 50,000 of 2³² values: a handful of coincidences at the most
    #expect(Set(bits).count >= count - 3)
  }

  @Test func permutationsHoldEveryNumber() {
    let order = Key(seed: 1).permutation(1000)
    #expect(order.sorted() == Array(0..<1000))
    #expect(order != Array(0..<1000))
    #expect(order == Key(seed: 1).permutation(1000))
    #expect(order != Key(seed: 2).permutation(1000))
  }

  @Test func derivedKeysDiffer() {
    let key = Key(seed: 5)
    #expect(Set((0..<1000).map { key.derived($0) }).count == 1000)
  }
}
