/// Which judge a leaderboard ranks by where it is not told.
///
/// One judge ranks, for distances of different judges do not compare and a mean of their ranks would let the
/// worst of them speak as loudly as the best. It is to be the one whose order agrees best with that of
/// networks trained elsewhere (docs/results/judge.md).
public enum RankingJudge {
  /// From the best on. The median of Spearman's correlations with six outside networks is 0.98 for `resnet`,
  /// 0.96 for `dense` and 0.84 for `conv` over 21 generators, and 0.94, 0.68 and 0.83 over 52 sets made from
  /// the data.
  public static let byAgreement = ["resnet", "conv", "dense"]

  /// The judge that ranks, of all that have scored.
  public static var standard: String { byAgreement[0] }

  /// The best of these; nil where none is known.
  package static func best(of names: Set<String>) -> String? { byAgreement.first(where: names.contains) }
}
