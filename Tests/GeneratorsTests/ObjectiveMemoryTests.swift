import Generators
import Testing

/// BEGAN's balance is BEGAN's: other objectives carry nothing.
@Suite struct ObjectiveMemoryTests {
  @Test func theBalanceFollowsTheScores() {
    var objective = BoundaryEquilibrium(gamma: 0.5, rate: 0.1)
    objective.finishStep(real: 2, fake: 0.25)
    #expect(abs(objective.memory.balance - 0.075) < 1e-6 && objective.memory.measureCount == 1)
    #expect(objective.memory.measureSum == 2.75)
    objective.finishStep(real: 0, fake: 5)
    #expect(objective.memory.balance == 0)
  }

  /// The first epoch sets the measure to beat; one that does not beat it halves the rates, down to a tenth.
  @Test func ratesAreHalvedWhereTheMeasureStalls() {
    var objective = BoundaryEquilibrium(gamma: 0.5, rate: 0.1)
    var factors: [Float] = []
    for real in [2, 1, 1, 3, 3, 3, 3] as [Float] {
      objective.finishStep(real: real, fake: real / 2)
      objective.finishEpoch()
      factors.append(objective.rateFactor)
    }
    #expect(factors == [1, 1, 0.5, 0.25, 0.125, 0.1, 0.1])
  }

  @Test func aMemoryThatNoTrainingLeavesIsNamed() {
    func fault(steps: Int = 1, _ change: (inout BoundaryEquilibrium.Memory) -> Void) -> String? {
      var memory = BoundaryEquilibrium.Memory()
      memory.measureCount = 1
      change(&memory)
      return BoundaryEquilibrium.fault(in: memory, steps: steps)?.field
    }
    #expect(fault { _ in } == nil)
    #expect(fault { $0.balance = 2 } == "balance")
    #expect(fault(steps: 2) { _ in } == "measureCount")
    #expect(fault { $0.measureSum = .nan } == "measureSum")
    #expect(fault { $0.bestMeasure = .infinity } == "bestMeasure")
    #expect(fault { $0.rateFactor = 0.01 } == "rateFactor")
  }

  @Test func othersRememberNothing() {
    let objectives: [any Objective] = [
      NonSaturating(), LeastSquares(), Wasserstein(), EnergyBased(margin: 1, pullAway: 0),
      AuxiliaryClassifier(), Information(weight: 1), NonSaturatingOfProbability(),
    ]
    #expect(objectives.allSatisfy { !($0 is any RememberingObjective) })
    #expect(objectives.filter(\.isLogistic).count == 2)
  }
}
