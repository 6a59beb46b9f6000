import Adversary
import Eval
import Network

/// Checks of the report as a whole: C22, C24.
enum DisclosureChecks {
  static let all = [kinds, agreement]

  /// Kinds of attacks, and the role that stands for each.
  private static let roles: [(kind: String, role: AttackRole)] = [
    ("one step", .oneStep), ("many steps", .iterative), ("aimed at labels, minimum norm", .ensemble),
    ("without gradients", .gradientFree), ("labels only", .labelsOnly), ("blind", .blind),
  ]

  /// An attack of images that are mistaken as they are has tried nothing.
  private static let kinds = RobustnessCheck(
    "C22", "the attacks are of different kinds, each tried on images that are right as they are"
  ) { evidence in
    guard evidence.clean.contains(true) else {
      return .init(.notApplicable, "no image is right as it is")
    }
    let found = roles.map { kind, role in
      (
        kind,
        evidence.attacks.first { result in
          result.role == role && result.norm == .linf && result.craftedOn == nil
            && zip(evidence.clean, result.right).contains { clean, _ in clean }
        }
      )
    }
    let missing = found.filter { $0.1 == nil }.map(\.0)
    return .init(
      holds: missing.isEmpty,
      missing.isEmpty
        ? found.map { "\($0.0): \($0.1?.attack ?? "")" }.joined(separator: ", ")
        : "missing: \(missing.joined(separator: ", "))")
  }

  private static let agreement = RobustnessCheck("C24", "what is certified is not fooled") { evidence in
    let bounds = evidence.certificates.filter { $0.method == .ibp }
    guard !bounds.isEmpty else {
      return .init(.notApplicable, "no bounds were asked for")
    }
    let contradictions = bounds.map { $0.contradictions(evidence.attacks) }
    return .init(
      holds: contradictions.allSatisfy { $0 == 0 },
      zip(bounds, contradictions).map {
        "\($0.region.name) \($0.accuracy.correct) certified, \($1) of them fooled"
      }.joined(separator: "; "))
  }
}
