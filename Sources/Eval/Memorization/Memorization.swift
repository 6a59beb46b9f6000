/// Whether generated images are copies of training images, from the nearest training image of each, pixel by
/// pixel.
///
/// No single figure settles it (Stein et al. 2023, §5), so there are several, each with the value of held-out
/// real images beside it, and the nearest images themselves to look at.
public struct Memorization: Equatable, Sendable {
  /// Figures of one set of images.
  public struct Figures: Codable, Equatable, Sendable {
    /// Images looked at.
    public let count: Int
    /// Images that are a training image, pixel for pixel.
    public let exactDuplicates: Int
    /// Images that differ from a training image by at most ``Memorization/nearDuplicateDifference`` in the
    /// mean, the exact ones included.
    public let nearDuplicates: Int
    /// Those, and the images that are nearly a training image moved or mirrored (``AlignedCopies``); nil
    /// where nothing was moved, as in files of older versions.
    public let alignedDuplicates: Int?
    /// The share of images that are farther from their nearest training image than that one is from its own
    /// nearest one (Alaa et al. 2022, §4.3). Has no value of its own to be compared with but that of held-out
    /// images.
    public let authenticity: Double

    package init(
      count: Int, exactDuplicates: Int, nearDuplicates: Int, alignedDuplicates: Int? = nil,
      authenticity: Double
    ) {
      self.count = count
      self.exactDuplicates = exactDuplicates
      self.nearDuplicates = nearDuplicates
      self.alignedDuplicates = alignedDuplicates
      self.authenticity = authenticity
    }
  }

  /// Root mean square of the pixels' differences in steps of 1/255: at five of them two images look the same.
  public static let nearDuplicateDifference = 5

  /// Of the generated images.
  public let generated: Figures
  /// Of real images that nobody was trained on: what the former are held against.
  public let heldOut: Figures
  /// ``CopyingTest``; nil where there are too few images.
  public let copyingStatistic: Double?

  /// Counts copies among generated and held-out images from neighbours that were found already.
  ///
  /// - Parameters:
  ///   - generated: the training images nearest to the generated ones, with the labels predicted for the
  ///     latter.
  ///   - heldOut: those nearest to real images that were not trained on, likewise.
  ///   - training: each training image's nearest other one.
  ///   - aligned: what both kinds of images have in common with training images, moved or mirrored.
  ///   - size: pixels of an image.
  public init(
    generated: (nearest: NearestImages, predictions: [Int]),
    heldOut: (nearest: NearestImages, predictions: [Int]),
    training: NearestImages, aligned: (generated: AlignedCopies, heldOut: AlignedCopies)? = nil, size: Int
  ) {
    self.generated = Self.figures(generated.nearest, training, aligned?.generated, size)
    self.heldOut = Self.figures(heldOut.nearest, training, aligned?.heldOut, size)
    copyingStatistic = CopyingTest.statistic(
      generated: (generated.nearest.squaredDistances, generated.predictions),
      heldOut: (heldOut.nearest.squaredDistances, heldOut.predictions))
  }

  package init(generated: Figures, heldOut: Figures, copyingStatistic: Double?) {
    self.generated = generated
    self.heldOut = heldOut
    self.copyingStatistic = copyingStatistic
  }

  private static func figures(
    _ nearest: NearestImages, _ training: NearestImages, _ aligned: AlignedCopies?, _ size: Int
  ) -> Figures {
    let distances = nearest.squaredDistances
    let authentic = zip(nearest.indices, distances).count { training.squaredDistances[$0] < $1 }
    let nearBound = nearDuplicateDifference * nearDuplicateDifference * size
    return Figures(
      count: distances.count, exactDuplicates: distances.count { $0 == 0 },
      nearDuplicates: distances.count { $0 <= nearBound },
      alignedDuplicates: aligned.map { zip(distances, $0.isCopy).count { $0 <= nearBound || $1 } },
      authenticity: Double(authentic) / Double(max(1, distances.count)))
  }
}
