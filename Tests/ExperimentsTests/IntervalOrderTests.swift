import Experiments
import Kernels
import Testing

/// Ranks and disputes of intervals, against what is counted pair by pair.
@Suite struct IntervalOrderTests {
  private static func intervals(_ count: Int, seed: UInt64) -> [ClosedRange<Double>?] {
    let key = Key(seed: seed)
    return (0..<count).map { index in
      // Whole numbers, so that ends meet; some are not known.
      let (low, width) = (Double(key.word(2 * index) % 20), Double(key.word(2 * index + 1) % 5))
      return key.word(2 * index) % 11 == 0 ? nil : low...low + width
    }
  }

  @Test(arguments: [true, false]) func ranksAreThoseCountedPairByPair(_ lowerIsBetter: Bool) {
    for seed in 0..<20 {
      let intervals = Self.intervals(30, seed: UInt64(seed))
      let order = IntervalOrder(intervals, lowerIsBetter: lowerIsBetter)
      for (index, own) in intervals.enumerated() {
        let others = intervals.enumerated().filter { $0.offset != index }.compactMap(\.element)
        guard let own else {
          #expect(order.rank(index) == nil && !order.isTied(index))
          continue
        }
        let better = others.count {
          lowerIsBetter ? $0.upperBound < own.lowerBound : $0.lowerBound > own.upperBound
        }
        #expect(order.rank(index) == 1 + better)
        #expect(order.isTied(index) == others.contains { $0.overlaps(own) })
      }
    }
  }

  @Test func nothingIsBeforeItself() {
    let order = IntervalOrder([1...2, 3...4, nil, 2...3])
    #expect(order.isBefore(0, 1) && !order.isBefore(1, 0) && !order.isBefore(0, 0))
    #expect(!order.isBefore(0, 3) && !order.isBefore(0, 2) && !order.isBefore(2, 0))
  }

  /// Four entries, three judges, by hand.
  @Test func pairsByHand() {
    // a before b, c, d; b before d; c overlaps with b and d: four pairs of six.
    let own = IntervalOrder([0...1, 2...3, 2.5...4.5, 4...5])
    let alike = IntervalOrder([0...1, 2...3, 4...5, 6...7])
    // d before all, a and b not told apart.
    let other = IntervalOrder([2...3, 2.5...4, 5...6, 0...1])
    var disputes: [String] = []
    let trust = RankTrust(own, count: 4, others: ["x": (alike, 1), "y": (other, 0)]) {
      disputes.append("\($0)\($1) \($2.joined(separator: "+"))")
    }
    #expect(trust.pairs == 6 && trust.toldApart == 4 && trust.agreed == 1 && trust.disputed == 2)
    #expect(disputes == ["03 y", "13 y"])
    #expect(trust.opinions["x"].map { [$0.alike, $0.reversed, $0.undecided] } == [4, 0, 0])
    // a before c alike; a and b undecided; d the other way round twice.
    #expect(trust.opinions["y"].map { [$0.alike, $0.reversed, $0.undecided] } == [1, 2, 1])
  }

  @Test func oneJudgeIsNotDisputed() {
    let trust = RankTrust(IntervalOrder([0...1, 2...3]), count: 2, others: [:]) { _, _, _ in
      Issue.record("a dispute of one")
    }
    #expect(trust.pairs == 1 && trust.toldApart == 1 && trust.agreed == 1 && trust.disputed == 0)
  }
}
