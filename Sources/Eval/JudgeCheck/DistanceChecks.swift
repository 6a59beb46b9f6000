import Files
import FoundationEssentials
import Kernels

/// Real images stand far below damaged ones, and those below noise.
package enum FloorAndCeilingCheck: JudgeCheckRule {
  package static let number = "T7"
  package static let summary = "real images lie far below blurred ones, and those far below noise"

  package static func checks(in trial: JudgeTrial) throws -> [Check] {
    func damaged(_ damage: Damage) -> [UInt8] {
      damage.applied(to: trial.images, side: trial.side, strength: 1, key: trial.key)
    }
    let (blurred, noise) = (damaged(.blur), damaged(.noise))
    return try trial.judges.map { judge in
      decide(
        judge: judge.name, real: try trial.distance(judge, nil).value,
        blurred: try trial.distance(judge, blurred).value, noise: try trial.distance(judge, noise).value)
    }
  }

  package static func decide(judge: String, real: Double, blurred: Double, noise: Double) -> Check {
    Check(
      number, "by \(judge), real images lie below half of blurred ones, and those below half of noise",
      holds: real < blurred / 2 && blurred < noise / 2,
      Text.formatted("%.3g, %.3g, %.3g", real, blurred, noise))
  }
}

/// A few images are enough to see light damage.
package enum FewImagesCheck: JudgeCheckRule {
  package static let number = "T9"
  package static let summary = "a few images tell real from noisy"

  package static func checks(in trial: JudgeTrial) throws -> [Check] {
    let few = min(2000, trial.count)
    let some = trial.pixels(Array(0..<few))
    let damaged = Damage.noise.applied(
      to: some, side: trial.side, strength: 0.25, key: trial.key.derived(9))
    return try trial.judges.map { judge in
      decide(
        few, judge: judge.name, clean: try trial.distance(judge, some),
        noisy: try trial.distance(judge, damaged))
    }
  }

  package static func decide(_ few: Int, judge: String, clean: MetricFigure, noisy: MetricFigure) -> Check {
    let errors = [clean, noisy].map { $0.standardError ?? 0 }
    let error = (errors[0] * errors[0] + errors[1] * errors[1]).squareRoot()
    return Check(
      number, "\(few) images tell real from noisy (α 0.25) by \(judge), by more than 3 standard errors",
      holds: noisy.value - clean.value > 3 * error,
      Text.formatted("%.1f standard errors", (noisy.value - clean.value) / error))
  }
}

/// What no eye would call worse moves the distance less than the lightest damage.
package enum HarmlessCheck: JudgeCheckRule {
  package static let number = "T10"
  package static let summary = "a small shift or turn matters less than light noise"

  package static func checks(in trial: JudgeTrial) throws -> [Check] {
    let noisy = Damage.noise.applied(
      to: trial.images, side: trial.side, strength: 0.25, key: trial.key.derived(1))
    let shifted = Damage.shifted(trial.images, side: trial.side, by: 1)
    let turned = Damage.rotated(trial.images, side: trial.side, degrees: 2)
    return try trial.judges.map { judge in
      decide(
        judge: judge.name, shifted: try trial.distance(judge, shifted).value,
        turned: try trial.distance(judge, turned).value, noisy: try trial.distance(judge, noisy).value,
        clean: try trial.distance(judge, nil).value)
    }
  }

  package static func decide(
    judge: String, shifted: Double, turned: Double, noisy: Double, clean: Double
  ) -> Check {
    Check(
      number, "a shift by one pixel and a turn by 2° matter less than noise of α 0.25 by \(judge)",
      holds: max(shifted, turned) < noisy,
      Text.formatted("%.3g and %.3g, noise %.3g, clean %.3g", shifted, turned, noisy, clean))
  }
}
