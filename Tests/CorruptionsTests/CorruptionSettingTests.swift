import Corruptions
import Datasets
import Testing

@Suite struct CorruptionSettingTests {
  @Test func everyCorruptionStandsAtEachOfItsSeverities() {
    let settings = CorruptionSetting.all
    #expect(Set(settings.map(\.name)).count == settings.count)
    for corruption in CorruptionCatalog.all {
      let severities = settings.filter { $0.corruption.name == corruption.name }.map(\.severity)
      #expect(severities == (corruption.severities == .single ? [1] : [1, 2, 3, 4, 5]), "\(corruption.name)")
    }
  }

  /// Two that replace or move pixels at random do not do so at the same pixels.
  @Test func corruptionsDrawNumbersOfTheirOwn() throws {
    let grey = LabeledImages(
      name: "grey", split: .test, height: 28, width: 28, pixels: [UInt8](repeating: 128, count: 784),
      labels: [0], labelNames: ["a"])
    func changes(_ name: String) throws -> [Int] {
      let setting = try #require(CorruptionSetting.all.first { $0.name == name })
      return setting.applied(to: grey, seed: 0).pixels.map { Int($0) - 128 }
    }
    let (gaussian, speckle) = (try changes("gaussian-noise-5"), try changes("speckle-noise-5"))
    // Both add normal noise, on grey of one size: with the same numbers their signs would be the same.
    let agreeing = zip(gaussian, speckle).count { ($0 > 0) == ($1 > 0) }
    #expect((300...480).contains(agreeing), "\(agreeing) of 784")
  }
}
