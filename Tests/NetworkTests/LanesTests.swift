import Network
import Testing

/// The order of a sum over lanes, whoever has them.
@Suite struct LanesTests {
  /// Processes one after the other: each leaves its numbers, and gets those of all once they are there.
  private final class Turns: LaneExchange {
    let rank, size: Int
    var all: [[Float]]?
    private(set) var own: [Float] = []

    init(_ rank: Int, of size: Int) { (self.rank, self.size) = (rank, size) }

    func gather(_ values: [Float]) -> [[Float]] {
      own = values
      return all ?? [[Float]](repeating: values, count: size)
    }
  }

  private static let gradients: [[Float]] = (0..<8).map { lane in
    (0..<100).map { Float(($0 * 7919 + lane * 104729) % 10007) / 997 - 5 + Float(lane) * 1e-4 }
  }

  @Test(arguments: [1, 2, 4, 8])
  func theSumIsTheSameForAnyNumberOfProcesses(size: Int) {
    let expected = Lanes(8).sum { Self.gradients[$0] }
    let processes = (0..<size).map { Turns($0, of: size) }
    for process in processes { _ = Lanes(8, exchange: process).sum { Self.gradients[$0] } }
    for process in processes {
      process.all = processes.map(\.own)
      #expect(Lanes(8, exchange: process).sum { Self.gradients[$0] } == expected)
    }
    #expect(processes.flatMap { Array(Lanes(8, exchange: $0).own) } == Array(0..<8))
  }

  @Test func theSumIsATreeOverNeighbours() {
    let g = Self.gradients
    let expected = g[0].indices.map { i in
      ((g[0][i] + g[1][i]) + (g[2][i] + g[3][i])) + ((g[4][i] + g[5][i]) + (g[6][i] + g[7][i]))
    }
    #expect(Lanes(8).sum { g[$0] } == expected)
    let inTurn = g[0].indices.map { i in g.reduce(0) { $0 + $1[i] } }
    #expect(expected != inTurn, "the order does not show in these numbers")
  }

  @Test(arguments: [0, 1, 7, 8, 9, 100, 128])
  func lanesShareOutABatch(count: Int) {
    for lanes in Lanes.counts {
      let rows = (0..<lanes).map { Lanes(lanes).rows(of: $0, in: count) }
      #expect(rows.flatMap { Array($0) } == Array(0..<count))
      #expect((rows.map(\.count).max() ?? 0) - (rows.map(\.count).min() ?? 0) <= 1)
    }
  }
}
