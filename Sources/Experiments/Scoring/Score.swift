import Autograd
import Datasets
import Eval
import Files

/// How good generated images are, in one call.
///
///     let score = try Score.of(images: images, labels: labels, heldOut: test, training: train)
///     let distance = score.judges["conv"]?[.frechetDistance]   // value, standardError, floor, ceiling
///     for verdict in score.verdicts { print(verdict.name.rawValue, verdict.detail) }
///
/// Several sets against the same real images: a ``Scorer`` learns what it has to know of those once.
public enum Score {
  /// Scores images against real ones.
  ///
  /// - Parameters:
  ///   - images: `[N, H, W, C]` with pixels in [0, 1], of the real images' size, N of at least
  ///     `Eval/FeatureReference/fewest`. What lies outside the range is clamped, and counted.
  ///   - labels: what each should show, `[N]`; nil where nothing was asked for.
  ///   - heldOut: real images that no judge and no generator has learnt from.
  ///   - training: the real images that the generator may have learnt from.
  ///   - judges: with different names; ``ReferenceJudges`` where it is nil.
  ///   - source: what the images are called.
  ///   - cache: where what is known of the real images is kept; nil for nowhere.
  ///   - observer: hears of each step.
  /// - Returns: every metric of every judge between its floor and its ceiling, and the verdicts.
  /// - Throws: `FileError.malformed` for pixels that are no numbers, for too few images, and for images of
  ///   another size than the judges know; what the observer throws.
  public static func of(
    images: Tensor, labels: [Int]? = nil, heldOut: LabeledImages, training: LabeledImages,
    judges: [Judge]? = nil, source: String = "images", cache: RealCache? = nil, observer: Observer = .init()
  ) throws -> ScoreResult {
    precondition(
      images.shape.count == 4 && [1, 3].contains(images.shape[3]) && !images.shape.contains(0),
      "Score: images \(images.shape)")
    precondition(
      labels.map { labels in
        labels.count == images.shape[0] && labels.allSatisfy(heldOut.labelNames.indices.contains)
      } ?? true, "Score: labels that are not those of \(images.shape[0]) images")
    return try of(
      samples(images, labels, source), heldOut: heldOut, training: training, judges: judges, cache: cache,
      observer: observer)
  }

  /// The same of images that were read (``SampleSource``) or made of an array.
  public static func of(
    _ images: SampleImages, heldOut: LabeledImages, training: LabeledImages, judges: [Judge]? = nil,
    cache: RealCache? = nil, observer: Observer = .init()
  ) throws -> ScoreResult {
    let scorer = try Scorer(
      judges: try judges ?? ReferenceJudges.all(for: heldOut), heldOut: heldOut, training: training,
      cache: cache)
    var done = 0
    return try scorer.score(images) { step in
      try observer.progress(WorkProgress("scoring", done, of: 4, unit: "steps", detail: step))
      done += 1
    }
  }

  private static func samples(
    _ images: Tensor, _ labels: [Int]?, _ source: String
  ) throws(FileError) -> SampleImages {
    let values = images.elements
    guard values.allSatisfy(\.isFinite) else {
      throw .malformed(path: source, expected: "pixels that are numbers", found: "some that are none")
    }
    let places = values.map { ($0 * 255).rounded() }
    return SampleImages(
      source: source, height: images.shape[1], width: images.shape[2], channels: images.shape[3],
      pixels: places.map { UInt8(min(max($0, 0), 255)) }, labels: labels,
      range: PixelValues(
        expected: 0...1, found: Double(values.min() ?? 0)...Double(values.max() ?? 0),
        clampedCount: places.count { !(0...255).contains($0) }, count: values.count))
  }
}
