import Experiments
import Testing

@Suite struct ObserverTests {
  @Test func nobodyHearsByDefault() throws {
    try Observer().progress(WorkProgress("work", 1, of: 2, unit: "steps"))
    Observer().note("nothing")
  }
}
