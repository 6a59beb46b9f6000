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

  @Test func filledWordsEqualSingleBlocks() {
    let first: UInt64 = 0xFFFF_FFFC
    var words = [UInt32](repeating: 0, count: 64)
    Philox.fill(&words, count: 64, firstCounter: first, key: (7, 9))
    for index in 0..<16 {
      let block = Philox.block(counter: (first + UInt64(index), 0), key: (7, 9))
      let (group, lane) = (32 * (index / 8), 2 * (index % 8))
      #expect(words[group + lane] == block.0)
      #expect(words[group + lane + 1] == block.1)
      #expect(words[group + lane + 16] == block.2)
      #expect(words[group + lane + 17] == block.3)
    }
  }

  @Test(arguments: [1, 31, 32, 33, 512, 513, 16384, 16385, 50_000])
  func everyPositionGetsItsOwnBits(count: Int) {
    var all = [UInt32](repeating: 0, count: count)
    all.withUnsafeMutableBufferPointer { all in
      let all = all
      Key(seed: 42).forEachRun(count: count) { start, bits, n in
        for i in 0..<n { all[start + i] = bits[i] }
      }
    }
    // 50,000 of 2³² values: a handful of coincidences at the most
    #expect(Set(all).count >= count - 3)
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
