import Eval
import Foundation
import Testing

/// Label shares solved from what a classifier said, against exact solutions.
@Suite struct LabelSharesTests {
  private static let perfect = (0..<10).map { t in (0..<10).map { $0 == t ? 1000 : 0 } }

  /// Where the counts are a mixture, the likeliest shares solve Cᵀq = h/N (exact fractions, Python).
  @Test func sharesSolveTheConfusionMatrix() {
    let found = LabelShares(counts: [500, 300, 200], confusion: [[90, 8, 2], [10, 80, 10], [0, 5, 95]])
    let expected = [0.522_743_055_555_555_6, 0.311_979_166_666_666_64, 0.165_277_777_777_777_77]
    for (share, expected) in zip(found.shares, expected) {
      #expect((share - expected).magnitude < 2e-3, "\(found.shares)")
    }
    #expect(found.realShares.allSatisfy { ($0 - 1.0 / 3).magnitude < 1e-12 })
  }

  /// Of two labels the likelihood has a closed form.
  @Test func evidenceIsTheFallOfTheLikelihood() {
    let shares = LabelShares(counts: [30, 70], confusion: [[80, 20], [10, 90]])
    #expect((shares.shares[0] - 0.282_857).magnitude < 1e-2)
    let evidence = shares.evidence(against: 0, beingAtLeast: 0.5)
    #expect((evidence - 3.164_960).magnitude < 0.02, "\(evidence)")
    #expect(shares.evidence(against: 0, beingAtLeast: 0.2) == 0)
    #expect(shares.evidence(against: 0, beingAtMost: 0.2) > 0)
    #expect(shares.evidence(against: 1, beingAtMost: 0.5) > 2.7)
  }

  /// Of a classifier without mistakes it is N times Kullback and Leibler's divergence, less what the finite
  /// number of real images costs.
  @Test func aPerfectClassifierGivesTheDivergence() {
    let shares = LabelShares(counts: [0] + [Int](repeating: 20, count: 9), confusion: Self.perfect)
    let evidence = shares.evidence(against: 0, beingAtLeast: 0.1)
    let weight = 1 / (1 + 180.0 / 10_000)
    #expect((evidence - weight * 180 * -log(0.9)).magnitude < 0.1, "\(evidence)")
  }

  /// All of one label: none of the others alone is surely missing among twelve images, all nine are.
  @Test func severalLabelsSpeakTogether() {
    let shares = LabelShares(counts: [12] + [Int](repeating: 0, count: 9), confusion: Self.perfect)
    #expect((shares.evidence(against: 1, beingAtLeast: 0.1) - 12 * -log(0.9)).magnitude < 0.05)
    #expect((shares.evidence(against: Array(1..<10), beingAtLeast: 0.9) - 12 * -log(0.1)).magnitude < 0.2)
    #expect(shares.evidence(against: Array(0..<10), beingAtLeast: 1) == 0)
  }

  @Test func intervalsHoldTheSharesAndNarrow() {
    let few = LabelShares(counts: [10] + [Int](repeating: 10, count: 9), confusion: Self.perfect)
    let many = LabelShares(counts: [500] + [Int](repeating: 500, count: 9), confusion: Self.perfect)
    let (wide, narrow) = (few.interval(of: 3), many.interval(of: 3))
    #expect(wide.contains(0.1) && narrow.contains(0.1))
    #expect(wide.lowerBound < narrow.lowerBound && narrow.upperBound < wide.upperBound)
    // Wilson's interval of 10 of 100, a little wider for the matrix.
    #expect((wide.lowerBound - 0.05).magnitude < 0.01 && (wide.upperBound - 0.17).magnitude < 0.02)
  }

  /// A judge that cannot tell two labels apart: any split of them is as likely, and none is refused.
  @Test func aSingularMatrixBreaksNothing() {
    let matrix = [[50, 50, 0], [50, 50, 0], [0, 0, 100]]
    let shares = LabelShares(counts: [100, 100, 100], confusion: matrix)
    #expect(shares.shares.allSatisfy { $0 >= 0 && $0.isFinite })
    #expect((shares.shares.reduce(0, +) - 1).magnitude < 1e-9)
    #expect(shares.evidence(against: 0, beingAtMost: 0.01) < 0.1)
    #expect(shares.evidence(against: 0, beingAtLeast: 0.6) < 0.1)
    #expect(shares.evidence(against: 2, beingAtMost: 0.1) > 10)
    let blind = LabelShares(counts: [300, 0, 0], confusion: [[9, 0, 0], [9, 0, 0], [9, 0, 0]])
    #expect(blind.evidence(against: 1, beingAtLeast: 1) < 0.5)
  }

  @Test func labelsWithoutRealImagesAreUnknown() {
    let shares = LabelShares(counts: [50, 50], confusion: [[100, 0], [0, 0]])
    #expect(shares.realShares == [1, 0])
    #expect(shares.evidence(against: 0, beingAtLeast: 0.9).isFinite)
    let one = LabelShares(counts: [7], confusion: [[5]])
    #expect(one.shares == [1] && one.interval(of: 0).contains(1))
  }
}
