import Foundation
import Kernels

/// T1, T2, T7, T9, T10: spoilt images stand away from real ones, the more the further, and harmless changes do not.
extension JudgeCheck {
  /// T1: more damage, larger distance.
  func damage() throws -> [Check] {
    try Damage.allCases.flatMap { damage in
      let levels = damage.strengths.map {
        damage.applied(to: images, side: side, strength: $0, key: key.derived(1))
      }
      return try each { judge in
        let distances = try levels.map { try distance(judge, $0) }
        let trend = Trend(values: distances.map(\.value), errors: distances.map(\.standardError))
        return Check(
          "T1", "\(damage.rawValue): the more, the larger the Fréchet distance by \(judge.name)",
          holds: trend.rises, trend.text)
      }
    }
  }

  /// T2: the same in smaller steps, none of which may lower the distance.
  func lightDamage() throws -> [Check] {
    try Damage.allCases.flatMap { damage -> [Check] in
      guard let strengths = damage.fineStrengths else { return [] }
      let levels = strengths.map {
        damage.applied(to: images, side: side, strength: $0, key: key.derived(1))
      }
      return try each { judge in
        let values = try levels.map { try distance(judge, $0).value }
        return Check(
          "T2",
          "\(damage.rawValue) in \(strengths.count - 1) steps: none lowers the distance by \(judge.name)",
          holds: zip(values, values.dropFirst()).allSatisfy { $0 < $1 },
          Trend(values: values, errors: []).text)
      }
    }
  }

  /// T7: real images stand far below damaged ones, and those below noise.
  func floorAndCeiling() throws -> [Check] {
    let blurred = Damage.blur.applied(to: images, side: side, strength: 1, key: key)
    let noise = Damage.noise.applied(to: images, side: side, strength: 1, key: key)
    return try each { judge in
      let (floor, middle, ceiling) = (
        try distance(judge, images).value, try distance(judge, blurred).value,
        try distance(judge, noise).value
      )
      return Check(
        "T7", "by \(judge.name), real images lie below half of blurred ones, and those below half of noise",
        holds: floor < middle / 2 && middle < ceiling / 2,
        String(format: "%.3g, %.3g, %.3g", floor, middle, ceiling))
    }
  }

  /// T9: a few images are enough to see light damage.
  func fewImages() throws -> [Check] {
    let few = min(2000, count)
    let some = pixels(Array(0..<few))
    let damaged = Damage.noise.applied(to: some, side: side, strength: 0.25, key: key.derived(9))
    return try each { judge in
      let (clean, noisy) = (try distance(judge, some), try distance(judge, damaged))
      let error = (clean.standardError * clean.standardError + noisy.standardError * noisy.standardError)
        .squareRoot()
      return Check(
        "T9", "\(few) images tell real from noisy (α 0.25) by \(judge.name), by more than 3 standard errors",
        holds: noisy.value - clean.value > 3 * error,
        String(format: "%.1f standard errors", (noisy.value - clean.value) / error))
    }
  }

  /// T10: what no eye would call worse moves the distance less than the lightest damage.
  func harmless() throws -> [Check] {
    let noisy = Damage.noise.applied(to: images, side: side, strength: 0.25, key: key.derived(1))
    let shifted = Damage.shifted(images, side: side, by: 1)
    let turned = Damage.rotated(images, side: side, degrees: 2)
    return try each { judge in
      let (clean, noise) = (try distance(judge, images).value, try distance(judge, noisy).value)
      let (shift, turn) = (try distance(judge, shifted).value, try distance(judge, turned).value)
      return Check(
        "T10", "a shift by one pixel and a turn by 2° matter less than noise of α 0.25 by \(judge.name)",
        holds: max(shift, turn) < noise,
        String(format: "%.3g and %.3g, noise %.3g, clean %.3g", shift, turn, noise, clean))
    }
  }
}
