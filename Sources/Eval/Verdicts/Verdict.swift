/// Something that a person should know of a result, in words and with its evidence.
public struct Verdict: Codable, Equatable, Sendable {
  /// What can be amiss: the first ten of images, the last two of classifiers under attack.
  public enum Name: String, Codable, Sendable, CaseIterable {
    /// Labels are never drawn.
    case collapsed
    /// Labels are drawn far too often or too rarely.
    case unbalanced
    /// The same images come over and over.
    case repeatsItself = "repeats itself"
    /// The images are blurred, smeared, noisy or wrongly laid out.
    case unlikeTheReal = "unlike the real"
    /// There are too few different images within a label.
    case lowDiversity = "low diversity"
    /// The images are training images, also moved by a pixel or two, or mirrored.
    case memorizes
    /// The images do not show the label that was asked for.
    case labelsIgnored = "labels ignored"
    /// Brightness or contrast are unlike those of real images.
    case wrongContrast = "wrong contrast"
    /// There are too few images: the distance is hidden by its own error.
    case tooFewSamples = "too few samples"
    /// The judges differ about the labels or about the distance.
    case judgesDisagree = "judges disagree"
    // Of classifiers under attack.
    /// The classifier looks robust to FGSM alone, and is not.
    case falseWin = "false win"
    /// A check of the evaluation failed.
    case notTrusted = "not to be trusted"
  }

  /// Which one it is; what reports and files call it is its raw value.
  public let name: Name
  /// The evidence in words, with its figures.
  public let detail: String

  /// A verdict with its evidence in words.
  public init(name: Name, detail: String) {
    self.name = name
    self.detail = detail
  }
}
