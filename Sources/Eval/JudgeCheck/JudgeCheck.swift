import Datasets
import Foundation
import Kernels

/// Whether a panel of judges can be trusted: it has to notice what is known to be wrong, and only that.
///
/// The first half of the held-out images is the reference, the second half is what gets damaged, so that nothing judged
/// has been learnt from. The numbers follow the list of trust checks in the literature (Heusel et al. 2017 for damage,
/// Naeem et al. 2020 for missing modes, Xu et al. 2018 for efficiency and robustness, Alaa et al. 2022 for copies).
public struct JudgeCheck {
  public let judges: [Judge]
  let labelNames: [String]
  let side: Int
  let training: LabeledImages
  /// The second half, and what it should be seen as.
  let images: [UInt8]
  let labels: [Int]
  let panel: JudgePanel
  let references: [String: JudgeReference]
  /// For as many images as there are in the second half.
  let statistics: RealStatistics
  let key = Key(seed: 0)

  /// Fewer held-out images cannot tell the lightest damage.
  public static let fewestImages = 1000
  /// Calls of `progress` in ``run(progress:)``.
  public static let parts = 11

  /// - Precondition: at least ``fewestImages`` held-out images, square and grey.
  public init(_ judges: [Judge], heldOut: LabeledImages, training: LabeledImages) throws {
    precondition(
      heldOut.count >= Self.fewestImages && heldOut.height == heldOut.width && heldOut.channels == 1,
      "JudgeCheck: images \(heldOut.shape)")
    let half = heldOut.count / 2
    self.judges = judges
    labelNames = heldOut.labelNames
    side = heldOut.height
    self.training = training
    images = Array(heldOut.pixels[half * heldOut.valuesPerImage..<2 * half * heldOut.valuesPerImage])
    labels = heldOut.labels[half..<2 * half].map(Int.init)
    let reference = heldOut.prefix(half)
    panel = JudgePanel(judges, heldOut: reference, training: training)
    statistics = try panel.statistics(count: half)
    references = panel.views.mapValues { JudgeReference($0, labels: reference.labels.map(Int.init)) }
  }

  var size: Int { side * side }
  var count: Int { labels.count }

  /// Every check, in order; each with the name of the judge where there is one a judge.
  ///
  /// - Parameter progress: called with the number of parts done; what it throws ends the checks.
  public func run(progress: (Int) throws -> Void = { _ in }) throws -> [Check] {
    var checks: [Check] = []
    let parts = [
      damage, lightDamage, missingLabels, collapseWithinLabel, swappedLabels, copies, floorAndCeiling,
      biasLaw, fewImages,
      harmless,
      invariances,
    ]
    for (index, part) in parts.enumerated() {
      checks += try part()
      try progress(index + 1)
    }
    return checks
  }

  // MARK: - Distances

  func pixels(_ indices: [Int]) -> [UInt8] {
    indices.flatMap { images[$0 * size..<($0 + 1) * size] }
  }

  func distance(_ judge: Judge, _ pixels: [UInt8]) throws -> (value: Double, standardError: Double) {
    try reference(judge).whole.distance(to: judge.view(pixels).features)
  }

  /// Everything that one judge has to say of images `[N, side, side]`.
  ///
  /// - Parameter labels: what they should show, where that is known.
  public func score(_ judge: Judge, _ pixels: [UInt8], labels: [Int]?) throws -> JudgeScore {
    try reference(judge).score(judge.view(pixels), labels: labels)
  }

  func reference(_ judge: Judge) -> JudgeReference {
    guard let reference = references[judge.name] else {
      preconditionFailure("JudgeCheck: \(judge.name) is not of the panel")
    }
    return reference
  }

  func verdicts(on score: PanelScore) -> [Verdict] {
    Verdicts.of(score, statistics, judges: judges.map(\.name), labelNames: labelNames, clamped: 0)
  }

  func each(_ body: (Judge) throws -> Check) rethrows -> [Check] { try judges.map(body) }
}
