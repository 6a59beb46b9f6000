import Foundation
import Generators
import Testing

@Suite struct TrainingWatchTests {
  private func losses(_ discriminator: Double, _ generator: Double) -> Losses {
    Losses(["discriminator": discriminator, "generator": generator])
  }

  @Test func aLossAtLn2IsStuckOnce() {
    var watch = TrainingWatch(isLogistic: true)
    let coin = losses(2 * log(2), log(2))
    #expect(watch.look(at: coin, step: 100).isEmpty)
    #expect(watch.look(at: coin, step: 200).isEmpty)
    #expect(watch.look(at: coin, step: 300).map(\.warning) == [.stuck])
    #expect(watch.look(at: coin, step: 400).isEmpty)
  }

  @Test func aPassingCoinIsNotStuck() {
    var watch = TrainingWatch(isLogistic: true)
    for step in 1...10 {
      #expect(watch.look(at: step % 3 == 0 ? losses(1.2, 0.9) : losses(1.386, 0.693), step: step).isEmpty)
    }
  }

  @Test func aCertainDiscriminatorIsSaturated() {
    var watch = TrainingWatch(isLogistic: true)
    let findings = (1...4).flatMap { watch.look(at: losses(0.001, 9), step: $0) }
    #expect(findings.map(\.warning) == [.saturated] && findings.map(\.step) == [3])
  }

  @Test func aCriticsLossesSayNothing() {
    var watch = TrainingWatch(isLogistic: false)
    #expect((1...5).allSatisfy { watch.look(at: losses(0, log(2)), step: $0).isEmpty })
  }

  @Test func fewLabelsAreACollapse() throws {
    let names = (0..<10).map { "l\($0)" }
    var watch = TrainingWatch(isLogistic: true)
    #expect(watch.look(atLabels: (0..<1000).map { $0 % 5 }, names: names, step: 1).isEmpty)
    let finding = try #require(
      watch.look(atLabels: (0..<1000).map { $0 < 900 ? 2 : 3 }, names: names, step: 2).first)
    #expect(finding.warning == .collapsed && finding.detail == "2 of 10 labels are drawn: l2 90 %, l3 10 %")
  }
}
