import Kernels

/// What can be wrong with a set of images, where the verdict on it is known: what judges were once seen to
/// miss.
///
/// Images may be spoilt, of a kind too often or never, drawn over and over, or asked for by wrong labels.
/// Does not grow by degrees, as ``Damage`` does.
public struct SetDamage: Sendable {
  /// Images to spoil and draw from: bytes `[N, side, side]` with their true labels `[N]`.
  public struct Images: Sendable {
    /// `[N, side, side]`
    public var pixels: [UInt8]
    /// The true ones, `[N]`, each below ``labelCount``.
    public var labels: [Int]
    /// Rows, and columns, of an image.
    public let side: Int
    /// How many labels there are.
    public let labelCount: Int

    /// Square grey images with their true labels.
    ///
    /// - Precondition: the pixels fill `[N, side, side]`, and every label is below `labelCount`.
    public init(pixels: [UInt8], labels: [Int], side: Int, labelCount: Int) {
      precondition(
        pixels.count == labels.count * side * side && labels.allSatisfy((0..<labelCount).contains),
        "SetDamage: \(pixels.count) pixels of \(labels.count) images of \(side)×\(side)")
      (self.pixels, self.labels) = (pixels, labels)
      (self.side, self.labelCount) = (side, labelCount)
    }

    /// The first `count` images, or all of them where there are fewer.
    public func prefix(_ count: Int) -> Images {
      Images(
        pixels: Array(pixels.prefix(count * side * side)), labels: Array(labels.prefix(count)), side: side,
        labelCount: labelCount)
    }
  }

  /// What is drawn: places in the images, and what each was asked to show.
  public struct Draw {
    /// Places in the images; one may occur repeatedly.
    public let indices: [Int]
    /// What each was asked to show, as long as ``indices``.
    public let labels: [Int]

    /// A draw that the caller made; both lists are equally long.
    public init(indices: [Int], labels: [Int]) { (self.indices, self.labels) = (indices, labels) }
  }

  /// What reports call it, such as `blurred, σ 1`.
  public let name: String
  /// The verdict that it has to get.
  public let verdict: Verdict.Name
  /// Whether it is made of training images, not of images that nobody knows.
  public let isOfTraining: Bool
  private let spoil: (@Sendable (Images, Key) -> [UInt8])?
  private let place: @Sendable (Images, _ count: Int, Key) -> [Int]
  private let ask: @Sendable (_ label: Int, _ labelCount: Int, Key) -> Int

  /// - Parameters:
  ///   - spoil: makes other pixels of the images, `[N, side, side]`; nil leaves them as they are.
  ///   - place: chooses images; each once, in any order, where it is nil.
  ///   - ask: the label that an image is asked to show; nil for its own.
  init(
    _ name: String, _ verdict: Verdict.Name, isOfTraining: Bool = false,
    spoil: (@Sendable (Images, Key) -> [UInt8])? = nil,
    place: (@Sendable (Images, _ count: Int, Key) -> [Int])? = nil,
    ask: @escaping @Sendable (_ label: Int, _ labelCount: Int, Key) -> Int = { label, _, _ in label }
  ) {
    (self.name, self.verdict, self.isOfTraining) = (name, verdict, isOfTraining)
    (self.spoil, self.ask) = (spoil, ask)
    self.place = place ?? { images, count, key in Self.some(Array(images.labels.indices), count, key) }
  }

  /// Whether what is wrong can be seen in a single image.
  public var changesPixels: Bool { spoil != nil }

  /// The images with other pixels, or as they are where ``changesPixels`` is false; the labels stay.
  public func spoilt(_ images: Images, key: Key) -> Images {
    guard let spoil else { return images }
    var images = images
    images.pixels = spoil(images, key)
    return images
  }

  /// A set of `count` images, or of as many as there are.
  public func draw(_ count: Int, from images: Images, key: Key) -> Draw {
    let indices = place(images, count, key.derived(1))
    let labels = indices.enumerated().map { place, index in
      ask(images.labels[index], images.labelCount, key.derived(2).derived(place))
    }
    return Draw(indices: indices, labels: labels)
  }

  // MARK: - Catalogue

  /// Every damage, in the order of the verdicts that they are to get.
  public static let all: [SetDamage] = [
    withoutLabels(1), withoutLabels(5), rareLabel, repeated, blurred, smeared, noisy, rolled, blobs, copies,
    movedCopies, mirroredCopies, wrongLabels, flat,
  ]

  /// Which labels are missing follows from the key; half of them where there are no more than `count`.
  private static func withoutLabels(_ count: Int) -> SetDamage {
    SetDamage(
      "without \(count) label\(count == 1 ? "" : "s")", .collapsed,
      place: { images, wanted, key in
        let dropped = Set(droppedLabels(count, of: images.labelCount, key))
        return some(images.labels.indices.filter { !dropped.contains(images.labels[$0]) }, wanted, key)
      })
  }

  static func droppedLabels(_ count: Int, of labelCount: Int, _ key: Key) -> [Int] {
    Array(key.permutation(labelCount).prefix(min(count, labelCount / 2)))
  }

  private static let rareLabel = SetDamage(
    "a label a quarter as often", .unbalanced,
    place: { images, wanted, key in
      let rare = droppedLabels(1, of: images.labelCount, key)
      let members = images.labels.indices.filter { rare.contains(images.labels[$0]) }
      let others = images.labels.indices.filter { !rare.contains(images.labels[$0]) }
      return some(others + some(members, members.count / 4, key.derived(1)), wanted, key)
    })

  private static let repeated = SetDamage(
    "100 images over and over", .repeatsItself,
    place: { images, wanted, key in
      let exemplars = some(Array(images.labels.indices), 100, key)
      return (0..<wanted).map { exemplars[Int(key.derived(1).word($0) % UInt64(exemplars.count))] }
    })

  private static let blurred = SetDamage(
    "blurred, σ 1", .unlikeTheReal,
    spoil: { Damage.blur.applied(to: $0.pixels, side: $0.side, strength: 1, key: $1) })

  private static let noisy = SetDamage(
    "noise, α 0.25", .unlikeTheReal,
    spoil: { Damage.noise.applied(to: $0.pixels, side: $0.side, strength: 0.25, key: $1) })

  /// Each pixel the mean of itself and the five to the left of it.
  private static let smeared = SetDamage(
    "smeared over 6 pixels", .unlikeTheReal,
    spoil: { images, _ in
      let (pixels, side) = (images.pixels, images.side)
      return pixels.indices.map { index in
        let first = max(index / side * side, index - 5)
        return UInt8(pixels[first...index].reduce(0) { $0 + Int($1) } / 6)
      }
    })

  /// Down and right by six pixels, what leaves coming in on the other side.
  private static let rolled = SetDamage(
    "rolled by 6 pixels", .unlikeTheReal,
    spoil: { images, _ in
      let (pixels, side) = (images.pixels, images.side)
      return pixels.indices.map { index in
        let (image, row, column) = (index / (side * side), index / side % side, index % side)
        let (fromRow, fromColumn) = ((row + side - 6 % side) % side, (column + side - 6 % side) % side)
        return pixels[(image * side + fromRow) * side + fromColumn]
      }
    })

  /// The mean of all images, a little brighter or darker.
  private static let blobs = SetDamage(
    "one grey blob for every label", .lowDiversity,
    spoil: { images, key in
      let size = images.side * images.side
      var sums = [Int](repeating: 0, count: size)
      for (index, pixel) in images.pixels.enumerated() { sums[index % size] += Int(pixel) }
      return (0..<images.labels.count).flatMap { image -> [UInt8] in
        let change = Int(key.word(image) % 21) - 10
        return sums.map { UInt8(max(0, min(255, $0 / images.labels.count + change))) }
      }
    })

  private static let copies = SetDamage("training images", .memorizes, isOfTraining: true)

  private static let movedCopies = SetDamage(
    "training images moved by a pixel", .memorizes, isOfTraining: true,
    spoil: { images, _ in Damage.shifted(images.pixels, side: images.side, by: 1) })

  private static let mirroredCopies = SetDamage(
    "training images mirrored", .memorizes, isOfTraining: true,
    spoil: { images, _ in
      let side = images.side
      return images.pixels.indices.map { images.pixels[$0 / side * side + side - 1 - $0 % side] }
    })

  private static let wrongLabels = SetDamage(
    "labels at random", .labelsIgnored, ask: { _, count, key in Int(key.word(0) % UInt64(count)) })

  private static let flat = SetDamage(
    "at half the contrast", .wrongContrast, spoil: { images, _ in images.pixels.map { $0 / 2 } })

  /// `count` of them, or all, in any order.
  static func some(_ indices: [Int], _ count: Int, _ key: Key) -> [Int] {
    key.permutation(indices.count).prefix(count).map { indices[$0] }
  }
}
