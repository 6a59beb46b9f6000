import Kernels

/// Spoilt images stand away from real ones, the more the further.
package enum DamageCheck: JudgeCheckRule {
  package static let number = "T1"
  package static let summary = "more damage, larger distance"

  package static func checks(in trial: JudgeTrial) throws -> [Check] {
    try Damage.allCases.flatMap { damage in
      try trial.distances(damage, strengths: damage.strengths, key: trial.key.derived(1)).map {
        decide(damage, judge: $0.judge.name, $0.distances)
      }
    }
  }

  /// - Parameter distances: with their errors, from no damage to much.
  package static func decide(_ damage: Damage, judge: String, _ distances: Trend) -> Check {
    Check(
      number, "\(damage.rawValue): the more, the larger the Fréchet distance by \(judge)",
      holds: distances.risesBeyondErrors, distances.text)
  }
}

/// The same in smaller steps, none of which may lower the distance by more than its error: far from all real
/// images a judge sees no difference any more.
package enum LightDamageCheck: JudgeCheckRule {
  package static let number = "T2"
  package static let summary = "no small step of more damage lowers the distance beyond its error"

  package static func checks(in trial: JudgeTrial) throws -> [Check] {
    try Damage.allCases.flatMap { damage -> [Check] in
      guard let strengths = damage.fineStrengths else { return [] }
      return try trial.distances(damage, strengths: strengths, key: trial.key.derived(1)).map {
        decide(damage, judge: $0.judge.name, $0.distances)
      }
    }
  }

  /// - Parameter distances: with their errors, from no damage to much.
  package static func decide(_ damage: Damage, judge: String, _ distances: Trend) -> Check {
    Check(
      number,
      "\(damage.rawValue) in \(distances.values.count - 1) steps: "
        + "none lowers the distance by \(judge) beyond its error",
      holds: distances.risesWithinErrors, distances.text)
  }
}
