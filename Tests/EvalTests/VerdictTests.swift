import Eval
import Testing

/// Verdicts that say nothing of too few images.
@Suite struct VerdictTests {
  @Test func verdictsAreWithheldBelowTheirCount() {
    func names(_ count: Int, _ labels: Int = 10) -> [Verdict.Name] {
      VerdictCatalog.withheld(imageCount: count, labelCount: labels).map(\.name)
    }
    #expect(names(20) == [.collapsed, .lowDiversity, .judgesDisagree])
    #expect(names(99) == [.collapsed, .lowDiversity])
    #expect(names(100) == [.lowDiversity] && names(199) == [.lowDiversity] && names(200).isEmpty)
    #expect(names(100, 47) == [.collapsed, .lowDiversity])
  }

  @Test func theCountThatIsWantedIsNamed() {
    #expect(
      VerdictCatalog.withheld(imageCount: 20, labelCount: 10).first?.detail == "20 images; 100 are needed")
  }
}
