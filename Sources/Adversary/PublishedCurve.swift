/// The curve that the source published, read off its figure; see the file's note on units.
///
/// Source: E_in-style (Brayton et al., 2021), conv classifier, foreground FGSM, ε in units of the pixel range
/// [-1, 1], so that 0.05 there is 0.025 of [0, 1]. Values are accurate to about 0.01.
public enum PublishedCurve {
  /// The grid of the source.
  public static let epsilons: [Double] = [
    0, 0.01, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
  ]

  /// The curve by rising ε; accuracies are shares of 1.
  public static let points: [(epsilon: Double, accuracy: Double)] = [
    (0, 0.91), (0.05, 0.75), (0.1, 0.56), (0.15, 0.43), (0.2, 0.31), (0.25, 0.215), (0.3, 0.155),
    (0.4, 0.085),
    (0.5, 0.045), (0.6, 0.02), (0.7, 0.005), (0.8, 0), (0.9, 0), (1, 0),
  ]
}
