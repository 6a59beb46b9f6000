import Eval
import Testing

struct ProportionTests {
  /// An interval as it was computed or published elsewhere.
  struct Known: Sendable {
    let correct: Int
    let count: Int
    let lower: Double
    let upper: Double

    init(_ correct: Int, _ count: Int, _ lower: Double, _ upper: Double) {
      self.correct = correct
      self.count = count
      self.lower = lower
      self.upper = upper
    }
  }

  /// `scipy.stats.binomtest(correct, count).proportion_ci(0.95, "wilson")`, SciPy 1.17.1.
  static let scipy = [
    Known(0, 10, 0, 0.27753279986288926), Known(10, 10, 0.7224672001371109, 1),
    Known(1, 10, 0.017876213095072896, 0.4041500267952385),
    Known(5, 10, 0.236593090512564, 0.7634069094874361),
    Known(8900, 10000, 0.8837170629634203, 0.895983418307452),
    Known(9253, 10000, 0.9199822112763579, 0.9302911597095446),
    Known(0, 10000, 0, 0.00038399837067659573),
    Known(0, 1, 0, 0.7934506856227626), Known(1, 1, 0.20654931437723745, 1),
  ]

  @Test(arguments: scipy)
  func agreesWithSciPy(known: Known) {
    let interval = Proportion(correct: known.correct, count: known.count).interval
    #expect(abs(interval.lowerBound - known.lower) < 1e-14)
    #expect(abs(interval.upperBound - known.upper) < 1e-14)
  }

  /// R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17
  /// (1998), table I, method 3; four digits.
  @Test(arguments: [
    Known(81, 263, 0.2553, 0.3662), Known(15, 148, 0.0624, 0.1605), Known(0, 20, 0, 0.1611),
    Known(1, 29, 0.0061, 0.1718),
  ])
  func agreesWithNewcombe(known: Known) {
    let interval = Proportion(correct: known.correct, count: known.count).interval
    #expect(abs(interval.lowerBound - known.lower) <= 0.5e-4)
    #expect(abs(interval.upperBound - known.upper) <= 0.5e-4)
  }

  /// The definition: at both ends, p̂ is z standard errors away.
  @Test(arguments: [1, 2, 7, 100, 9999])
  func endsSolveTheScoreEquation(count: Int) {
    for correct in stride(from: 0, through: count, by: max(1, count / 50)) {
      let proportion = Proportion(correct: correct, count: count)
      for p in [proportion.interval.lowerBound, proportion.interval.upperBound] where p > 0 && p < 1 {
        let score = abs(proportion.value - p) / (p * (1 - p) / Double(count)).squareRoot()
        #expect(abs(score - 1.959963984540054) < 1e-8)
      }
    }
  }

  @Test(arguments: [1, 3, 1000, 1_000_000_007])
  func containsItsValueAndStaysWithinZeroAndOne(count: Int) {
    for correct in Set([0, 1, count / 2, count - 1, count]) {
      let proportion = Proportion(correct: correct, count: count)
      let interval = proportion.interval
      #expect(interval.contains(proportion.value))
      #expect(interval.lowerBound >= 0 && interval.upperBound <= 1)
      #expect(interval.lowerBound < interval.upperBound)
    }
    #expect(Proportion(correct: 0, count: count).interval.lowerBound == 0)
    #expect(Proportion(correct: count, count: count).interval.upperBound == 1)
  }

  @Test func successesAndFailuresMirror() {
    for correct in 0...37 {
      let interval = Proportion(correct: correct, count: 37).interval
      let mirrored = Proportion(correct: 37 - correct, count: 37).interval
      #expect(abs(interval.lowerBound + mirrored.upperBound - 1) < 1e-14)
    }
  }

  @Test func needsTrials() async {
    await #expect(processExitsWith: .failure) { _ = Proportion(correct: 0, count: 0) }
    await #expect(processExitsWith: .failure) { _ = Proportion(correct: 3, count: 2) }
    await #expect(processExitsWith: .failure) { _ = Proportion(correct: -1, count: 2) }
  }
}
