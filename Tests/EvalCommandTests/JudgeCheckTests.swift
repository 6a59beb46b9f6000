import Foundation
import Testing

/// The trust checks on the real test images: minutes, and so only with ASSAY_SLOW_TESTS=1.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["ASSAY_SLOW_TESTS"] == "1"))
struct JudgeCheckTests {
  @Test func theReferenceJudgesPass() throws {
    let bench = try Workbench()
    let outcome = try bench.eval("judge-check --output out")
    #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errors)")
    #expect(bench.files(below: "out").contains("damage.png"))
    // The guide shows some lines of it.
    let shown = try #require(Documents.blocks(of: "docs/guide/judges.md").first { $0.language.isEmpty })
    let differences = OutputShape(shown.text).differences(
      from: OutputShape(outcome.output), DocumentedOutputTests.leniency)
    #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
  }
}
