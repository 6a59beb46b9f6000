import Eval
import Testing

struct McNemarTests {
  private func test(_ first: Int, _ second: Int, both: Int = 7, neither: Int = 3) -> McNemar {
    func list(_ value: (Bool, Bool, Bool, Bool)) -> [Bool] {
      zip([value.0, value.1, value.2, value.3], [first, second, both, neither]).flatMap {
        [Bool](repeating: $0, count: $1)
      }
    }
    return McNemar(list((true, false, true, false)), list((false, true, true, false)))
  }

  /// `scipy.stats.binomtest(min(b, c), b + c, 0.5).pvalue`, SciPy 1.17.1.
  @Test(arguments: [
    (10, 25, 0.016673847800120715), (0, 5, 0.0625), (1, 0, 1), (300, 250, 0.036578745549102676),
    (1200, 1100, 0.03896685268382023), (7, 7, 1),
  ])
  func agreesWithSciPy(_ first: Int, _ second: Int, _ expected: Double) {
    let found = test(first, second)
    #expect(found.firstOnly == first && found.secondOnly == second)
    #expect((found.pValue / expected - 1).magnitude < 1e-9, "\(found.pValue)")
    #expect((test(second, first).pValue / expected - 1).magnitude < 1e-9)
  }

  @Test func imagesThatBothGetAlikeSayNothing() {
    #expect(test(10, 25, both: 0, neither: 0).pValue == test(10, 25, both: 1000, neither: 500).pValue)
    #expect(test(0, 0).pValue == 1)
  }
}
