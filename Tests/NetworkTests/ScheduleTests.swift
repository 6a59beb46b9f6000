import Foundation
import Network
import Testing

/// The factors on the learning rate, in closed form.
@Suite struct ScheduleTests {
  /// Where 0 is the first step and 1 the end.
  static func expected(_ schedule: Schedule, at progress: Double) -> Double {
    switch schedule {
    case .constant: 1
    case .linear: 1 - progress
    case .cosine: (1 + cos(.pi * progress)) / 2
    }
  }

  @Test(arguments: Schedule.allCases, [0, 1, 7, 50, 99, 100])
  func isItsFormula(_ schedule: Schedule, step: Int) {
    let factor = schedule.factor(step: step, of: 100)
    #expect((Double(factor) - Self.expected(schedule, at: Double(step) / 100)).magnitude < 1e-6)
  }

  @Test(arguments: Schedule.allCases)
  func startsFullAndNeverRises(_ schedule: Schedule) {
    let factors = (0..<40).map { schedule.factor(step: $0, of: 40) }
    #expect(factors[0] == 1)
    #expect(zip(factors, factors.dropFirst()).allSatisfy { $0 >= $1 })
    #expect(factors.allSatisfy { $0 > 0 }, "every step of the training moves the weights")
  }

  @Test(arguments: Schedule.allCases)
  func beyondItsEndStaysAtTheEnd(_ schedule: Schedule) {
    #expect(schedule.factor(step: 150, of: 100) == schedule.factor(step: 100, of: 100))
    #expect(schedule.factor(step: 0, of: 0) == 1)
  }

  @Test(arguments: Schedule.allCases)
  func warmsUpLinearlyThenRunsOverTheRest(_ schedule: Schedule) {
    #expect((0..<4).map { schedule.factor(step: $0, of: 24, warmup: 4) } == [0.25, 0.5, 0.75, 1])
    for step in 4...24 {
      #expect(schedule.factor(step: step, of: 24, warmup: 4) == schedule.factor(step: step - 4, of: 20))
    }
  }
}
