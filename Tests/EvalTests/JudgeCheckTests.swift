import Eval
import Foundation
import Kernels
import Testing

/// The damage that judges are tried with, and the orders that they give.
@Suite struct JudgeCheckTests {
  private static let side = 28
  private static let images = (0..<6 * 784).map {
    UInt8($0 / 28 % 28 > 5 ? 255 * MetricFixtures.number($0 / 784, $0 % 784, 1) : 0)
  }

  @Test(arguments: Damage.allCases) func damageGrowsWithItsStrengthAndIsRepeatable(_ damage: Damage) {
    func applied(_ strength: Double, _ key: Key = Key(seed: 1)) -> [UInt8] {
      damage.applied(to: Self.images, side: Self.side, strength: strength, key: key)
    }
    #expect(applied(0) == Self.images)
    var last = 0
    for strength in damage.strengths.dropFirst() {
      let spoilt = applied(strength)
      #expect(spoilt.count == Self.images.count && spoilt == applied(strength))
      let change = zip(spoilt, Self.images).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
      #expect(change > 0)
      // Of six images, a share rounds; and a turn by more is not further from where it began.
      if ![.contamination, .swirl, .crop].contains(damage) { #expect(change > last) }
      last = change
    }
  }

  @Test func rankCorrelationsAreTheirFormulas() {
    // scipy.stats.spearmanr and kendalltau; without ties τ-a is τ-b.
    #expect(
      (RankCorrelation.spearman([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) - 0.820_782_681_668_123_4).magnitude < 1e-12
    )
    #expect(RankCorrelation.kendall([1, 2, 3, 4], [1, 3, 2, 4]) == 4.0 / 6)
    #expect(RankCorrelation.spearman([1, 2, 3], [9, 5, 1]) == -1)
    #expect(RankCorrelation.spearman([1, 2, 3], [4, 4, 4]) == 0)
  }
}
