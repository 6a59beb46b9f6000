/// One kind of check of judges: it measures on a trial, and decides by the figures alone (`decide`), so that
/// the decision can be tried with figures made for it.
public protocol JudgeCheckRule: SendableMetatype {
  /// As the list of trust checks numbers it.
  static var number: String { get }
  /// What it tries, in words.
  static var summary: String { get }
  /// Its checks, one a judge or a damage; none where the trial has nothing to measure it on.
  ///
  /// - Throws: what drawing the images of a generator throws, and `Matrix.NoConvergence`.
  static func checks(in trial: JudgeTrial) throws -> [Check]
}

/// Every check of judges, in the order of the report.
///
/// The numbers follow the list of trust checks in the literature (Heusel et al. 2017 for damage, Naeem et al.
/// 2020 for missing modes, Xu et al. 2018 for efficiency and robustness, Alaa et al. 2022 for copies).
public enum JudgeCheckCatalog {
  /// The kinds of checks; their order is not that of their numbers.
  public static let all: [any JudgeCheckRule.Type] = [
    DamageCheck.self, LightDamageCheck.self, MissingLabelsCheck.self, CollapsedLabelCheck.self,
    SwappedLabelsCheck.self, CopiesCheck.self, FloorAndCeilingCheck.self, BiasLawCheck.self,
    FewImagesCheck.self, HarmlessCheck.self, InvarianceCheck.self, CheckpointsCheck.self,
    TruncationCheck.self, MissingLabelVerdictCheck.self, UnbalancedVerdictCheck.self,
    RepeatsVerdictCheck.self, UnlikeVerdictCheck.self, DiversityVerdictCheck.self, CopiesVerdictCheck.self,
    LabelsIgnoredVerdictCheck.self, ContrastVerdictCheck.self, RealSetsCheck.self,
  ]
}
