import Adversary
import ArgumentParser
import Datasets
import Experiments
import Files
import Network

/// Which pixels an attack may change, where neither region is meant as it is: a mask of the user's own in
/// their place, or another threshold of the foreground.
struct MaskOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A mask of your own in the place of a region: a .npy of 0 and 1, [H, W] for all images or [N, H, W] with one for "
        + "each; 1 where a pixel may change.", valueName: "file"))
  var mask: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A pixel belongs to the foreground where it is above this, of 0 to 1. (default: 0)", valueName: "value")
  )
  var foregroundThreshold: Double?

  func validate() throws {
    guard let foregroundThreshold else { return }
    guard (0...1).contains(foregroundThreshold) else {
      throw ValidationError(
        "--foreground-threshold: expected a number from 0 to 1, found \(foregroundThreshold)")
    }
    if let mask {
      throw ValidationError("--foreground-threshold: expected no --mask beside it, found \(mask)")
    }
  }

  /// Refuses what does not go with the regions that are named; none where that is left to the command.
  func check(beside regions: [AttackRegion]) throws {
    if mask != nil, let region = regions.first {
      throw ValidationError("--mask: expected no --region beside it, found \(region.rawValue)")
    }
    if foregroundThreshold != nil, !regions.isEmpty, !regions.contains(.foreground) {
      throw ValidationError(
        "--foreground-threshold: expected the foreground among the regions, found everywhere alone")
    }
  }

  /// The pixels that may change: those of the mask where there is one, else those of each region.
  ///
  /// - Parameters:
  ///   - isLimited: whether `images` are the first of a set, so that there may be masks of the others, too.
  ///   - observer: told of images in which nothing may change.
  func pixels(
    of regions: [AttackRegion], in images: LabeledImages, isLimited: Bool, observer: Observer
  ) throws -> [FreePixels] {
    if let mask {
      let own = try PixelMask(contentsOf: mask, for: images, takesFirst: isLimited)
      if own.closedCount > 0 {
        observer.note(
          "\(mask.visible()): zeros alone for \(own.closedCount) of \(images.count) images, in which nothing may change"
        )
      }
      return [.mask(own)]
    }
    let threshold = foregroundThreshold ?? 0
    let brightest = Double(images.pixels.max() ?? 0) / 255
    guard threshold == 0 || threshold < brightest else {
      throw ValidationError(
        "--foreground-threshold: expected less than the brightest pixel, \(Text.short(brightest)), found \(threshold)"
      )
    }
    return regions.map { FreePixels($0, threshold: threshold) }
  }
}
