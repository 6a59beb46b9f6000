/// The exact interval of a proportion (Clopper and Pearson, "The use of confidence or fiducial limits
/// illustrated in the case of the binomial", Biometrika 26 (1934), 404–413), one side at a time.
///
/// Never covers less than it promises, for any number of trials; Wilson's interval is shorter and only does
/// so on the average.
public enum ClopperPearson {
  /// The p at which `successes` or more of `trials` have the probability 1 - `confidence`; 0 for no success.
  ///
  /// The true proportion is above with at least this confidence.
  public static func lowerBound(successes: Int, trials: Int, confidence: Double) -> Double {
    check(successes, trials, confidence)
    guard successes > 0 else { return 0 }
    return BetaDistribution(a: Double(successes), b: Double(trials - successes + 1)).quantile(1 - confidence)
  }

  /// The p at which `successes` or fewer of `trials` have the probability 1 - `confidence`; 1 for no failure.
  public static func upperBound(successes: Int, trials: Int, confidence: Double) -> Double {
    check(successes, trials, confidence)
    guard successes < trials else { return 1 }
    return BetaDistribution(a: Double(successes + 1), b: Double(trials - successes)).quantile(confidence)
  }

  private static func check(_ successes: Int, _ trials: Int, _ confidence: Double) {
    precondition(
      trials > 0 && (0...trials).contains(successes) && confidence > 0 && confidence < 1,
      "ClopperPearson: \(successes) of \(trials) with confidence \(confidence)")
  }
}
