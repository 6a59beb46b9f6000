import Eval
import Testing

/// Exact tails, against sums of exact fractions (Python's `fractions` and `math.comb`).
@Suite struct TailProbabilityTests {
  private func expectNear(_ value: Double, _ expected: Double, _ bound: Double = 1e-9) {
    #expect((value - expected).magnitude <= bound * expected, "\(value) for \(expected)")
  }

  @Test func tailsAreThoseOfExactFractions() {
    expectNear(TailProbability.binomial(atLeast: 3, of: 50, 0.0007), 6.559032937451075e-06)
    expectNear(TailProbability.binomial(atLeast: 520, of: 1000, 0.5), 0.108_724_146_602_070_47)
    expectNear(TailProbability.binomial(atMost: 37, of: 50, 0.9), 0.001_004_619_861_786_330_2)
    expectNear(
      TailProbability.hypergeometric(atLeast: 1, of: 50, marked: 8, total: 10_050), 0.039_128_188_250_469_695)
    expectNear(
      TailProbability.hypergeometric(atLeast: 2, of: 50, marked: 8, total: 10_050), 0.000_666_392_523_479_59)
    expectNear(
      TailProbability.hypergeometric(atLeast: 40, of: 1000, marked: 46, total: 11_000), 5.896954454439478e-36)
    expectNear(TailProbability.poisson(atLeast: 3, mean: 0.35), 0.005_508_933_384_465_564)
    expectNear(TailProbability.poisson(atLeast: 100, mean: 90), 0.158_220_989_186_430_24)
  }

  @Test func endsAreCertainOrImpossible() {
    #expect(TailProbability.binomial(atLeast: 0, of: 5, 0.3) == 1)
    #expect(TailProbability.binomial(atLeast: 6, of: 5, 0.3) == 0)
    #expect(TailProbability.binomial(atLeast: 5, of: 5, 1) == 1)
    #expect(TailProbability.binomial(atLeast: 1, of: 5, 0) == 0)
    #expect(TailProbability.hypergeometric(atLeast: 3, of: 8, marked: 5, total: 10) == 1)
    #expect(TailProbability.hypergeometric(atLeast: 6, of: 8, marked: 5, total: 10) == 0)
    #expect(TailProbability.poisson(atLeast: 0, mean: 2) == 1)
    #expect(TailProbability.poisson(atLeast: 1, mean: 0) == 0)
  }

  @Test func sharesAreComparedBothWays() {
    let (few, many) = (Proportion(correct: 9, count: 20), Proportion(correct: 19, count: 20))
    // Fisher's exact test: Σ C(28, k)·C(12, 20 - k) / C(40, 20) over k ≤ 9.
    expectNear(TailProbability.isSmaller(few, than: many), 0.000_623_816_252_292_336_8)
    expectNear(
      TailProbability.isSmaller(few, than: many), TailProbability.isLarger(many, than: few), 1e-12)
    #expect(TailProbability.isSmaller(many, than: few) > 0.99)
  }
}
