import Figures
import Testing

/// Ticks are round numbers, and labels say them exactly.
@Suite struct AxisTests {
  @Test(arguments: [
    (0.0...1.0, 6, [0, 0.2, 0.4, 0.6, 0.8, 1]),
    (0.0...1.0, 11, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]),
    (0.0...10.0, 3, [0, 5, 10]),
    (0.0...0.3, 4, [0, 0.1, 0.2, 0.3]),
    (-1.0...1.0, 5, [-1, -0.5, 0, 0.5, 1]),
    (0.13...0.87, 5, [0.2, 0.4, 0.6, 0.8]),
    (1000.0...4000.0, 4, [1000, 2000, 3000, 4000]),
    (0.0...2e-7, 3, [0, 1e-7, 2e-7]),
    (0.0...3e12, 4, [0, 1e12, 2e12, 3e12]),
  ])
  func ticksAreRound(range: ClosedRange<Double>, count: Int, expected: [Double]) {
    #expect(Ticks(in: range, atMost: count).values == expected)
  }

  @Test func thereAreNeverMoreTicksThanAllowed() {
    for count in 2...20 {
      for width in stride(from: 0.013, to: 40, by: 0.37) {
        let range = -0.7 * width...width
        let ticks = Ticks(in: range, atMost: count).values
        #expect(ticks.count <= count)
        #expect(ticks.allSatisfy { range.contains($0) })
      }
    }
  }

  @Test func labelsHaveTheDecimalsTheyNeed() {
    #expect(
      Scale(range: 0...1, ticks: 6, format: .plain).labels == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(Scale(range: 0...1, ticks: 3, format: .percent).labels == ["0 %", "50 %", "100 %"])
    #expect(Scale(range: 0.9...0.91, ticks: 3, format: .percent).labels == ["90.0 %", "90.5 %", "91.0 %"])
    #expect(Scale(range: -10...10, ticks: 3, format: .plain).labels == ["−10", "0", "10"])
  }

  @Test func numbersReadWell() {
    #expect(NumberFormat.percent.text(0.6349, decimals: 1) == "63.5 %")
    #expect(NumberFormat.plain.text(-0.001, decimals: 1) == "0.0")
    #expect(NumberFormat.plain.text(.nan, decimals: 1) == "–")
    #expect(NumberFormat.plain.text(2e9, decimals: 0) == "2e+09")
  }

  @Test func aRangeFromDataGrowsToTicks() {
    let scale = Axis("loss").scale(for: [0.13, .nan, 2.4], ticks: 6, expands: true)
    #expect(scale.range == 0...2.5)
    #expect(Axis("x").scale(for: [3, 7], ticks: 6, expands: false).range == 3...7)
  }

  @Test(arguments: [[], [0.0], [5, 5], [.nan, .infinity], [1e308, -1e308], [1e16, 1e16 + 2]])
  func anyDataGiveAUsableScale(values: [Double]) {
    let scale = Axis("x").scale(for: values, ticks: 5, expands: true)
    #expect(scale.range.lowerBound < scale.range.upperBound)
    #expect(scale.fraction(of: scale.range.upperBound) == 1)
    #expect(scale.ticks.count <= 5 && !scale.ticks.isEmpty)
  }
}
