import Datasets
import Eval
import Experiments
import Testing

/// Rates of verdicts, measured on images that need no training.
@Suite struct VerdictMeasurementTests {
  @Test func realImagesAndDamageAreCounted() throws {
    var steps: [Int] = []
    let result = try VerdictMeasurement.run(
      Stripes.judges, heldOut: Stripes.images(240, seed: 1),
      training: Stripes.images(200, seed: 2, split: .train), draws: 5, version: "stripes/1",
      observer: Observer(progress: { steps.append($0.done) }))
    #expect(steps == Array(0..<steps.count))
    let real = result.rates.filter { $0.due == nil }
    #expect(Set(real.map(\.images)) == ["unseen images", "held-out images", "training images"])
    #expect(Set(real.map(\.count)) == [20, 50, 100] && real.allSatisfy { (1...5).contains($0.given.count) })
    // Training images are copies of training images.
    #expect(!real.contains { $0.images == "training images" && $0.verdict == .memorizes })
    // Labels are known of every second set.
    #expect(real.first { $0.verdict == .labelsIgnored }?.given.count == 3)
    let power = result.rates.filter { $0.due == $0.verdict }
    #expect(
      Set(power.map(\.images)) == Set(SetDamage.all.map(\.name)) && power.allSatisfy { $0.count == 100 })
    let wrong = try #require(power.first { $0.verdict == .labelsIgnored })
    #expect(wrong.given.value == 1)
  }
}
