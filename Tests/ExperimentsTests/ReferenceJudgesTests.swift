import Classifier
import Datasets
import Eval
import Experiments
import Files
import Testing

/// Who judges, and what results call them.
@Suite struct ReferenceJudgesTests {
  private let images = LabeledImages(
    name: "blank", split: .test, height: 28, width: 28, pixels: [UInt8](repeating: 0, count: 784),
    labels: [0],
    labelNames: (0..<10).map { "\($0)" }, sha256: "")

  @Test func theShippedOnesHaveAVersion() throws {
    let judges = try ReferenceJudges.all(for: images)
    #expect(judges.map(\.name) == ["resnet", "conv", "dense"])
    #expect(ReferenceJudges.version(of: judges) == ReferenceWeights.version)
  }

  @Test func othersAreNamedWithTheirWeights() throws {
    let judges = try ReferenceJudges.all(["dense", "conv"], for: images)
    let version = ReferenceJudges.version(of: judges)
    #expect(version == judges.map { "\($0.name) \($0.sha256.prefix(12))" }.joined(separator: ", "))
    #expect(version.hasPrefix("dense "))
  }

  @Test func oneNameIsOneJudge() throws {
    let error = #expect(throws: FileError.self) { try ReferenceJudges.all(["conv", "conv"], for: images) }
    #expect(error?.description.contains("judges of different names") == true)
  }
}
