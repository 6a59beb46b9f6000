import EvalCommand
import Testing

/// How fast a piece of work is said to go.
@Suite struct RecentRateTests {
  /// Marks a second apart, by `rates` a second; what was said after each.
  private func said(_ rates: [Int], pauseAfter: (second: Int, length: Duration)? = nil) -> [Double] {
    var rate = RecentRate()
    var (now, done) = (ContinuousClock.now, 500)
    _ = rate.mark(done, at: now)
    return rates.indices.map { second in
      now += .seconds(1)
      if let pauseAfter, pauseAfter.second == second { now += pauseAfter.length }
      done += rates[second]
      return rate.mark(done, at: now)
    }
  }

  @Test func aSteadyRateIsSaidFromTheFirstSecondOn() {
    #expect(said([Int](repeating: 7, count: 200)).allSatisfy { abs($0 - 7) < 1e-9 })
  }

  @Test func workThatIsSlowedForAWhileIsFastAgainAMinuteLater() {
    let rates =
      [Int](repeating: 100, count: 300) + [Int](repeating: 10, count: 300)
      + [Int](repeating: 100, count: 100)
    let said = said(rates)
    #expect(abs(said[299] - 100) < 1e-9 && abs(said[599] - 10) < 1e-9)
    #expect(said[629] > 20 && said[629] < 90 && abs(said[661] - 100) < 1e-9)
  }

  /// A process that was stopped for an hour.
  @Test func aPauseIsForgottenInAMinute() {
    let said = said([Int](repeating: 100, count: 300), pauseAfter: (100, .seconds(3600)))
    #expect(said[100] < 3 && abs(said[170] - 100) < 1e-9)
  }

  /// Steps of five minutes each: ten of them.
  @Test func slowStepsAreSeenOverTenOfThem() {
    var rate = RecentRate()
    let start = ContinuousClock.now
    let last = (0...30).map { rate.mark($0 * 3, at: start + .seconds(300 * $0)) }.last
    #expect(last.map { abs($0 - 0.01) < 1e-12 } == true)
  }

  @Test func nothingIsSaidAtFirst() {
    var rate = RecentRate()
    #expect(rate.mark(10, at: .now) == 0)
  }
}
