import Adversary
import Autograd
import Datasets
import Kernels
import Network
import Testing

/// Masks of one's own, and thresholds of the foreground: which pixels they are, and that each mask stays with
/// its image. That no attack changes a bit outside them is for `AttackTests`, which walks the catalogue.
@Suite struct FreePixelsTests {
  private static let count = 24
  private let images = Samples.images(Self.count, labels: 5)
  private var indices: [Int] { Array(0..<Self.count) }
  private var x: Tensor { images.tensor(indices) }

  /// The foreground of the images as masks of one's own.
  private var foreground: PixelMask {
    PixelMask(images.pixels.map { $0 > 0 ? 1 : 0 }, shape: [Self.count, 3, 4])
  }

  private func attacked(
    _ attack: any Attack, _ region: FreePixels, epsilon: Float, on images: LabeledImages, batchSize: Int = 7
  ) -> [UInt32] {
    var bits: [UInt32] = []
    EpsilonSweep(attack, region: region, epsilons: [epsilon], batchSize: batchSize, key: Key(seed: 5))
      .forEachAttacked(of: Samples.wide, on: images) { bits += $0.images.bits }
    return bits
  }

  private func size(_ attack: any Attack) -> Float {
    switch attack.norm {
    case .linf: 0.1
    case .l2: 0.3
    case .l0: 2
    case nil: 1
    }
  }

  // MARK: - Which pixels

  @Test func namesAreThoseOfResults() {
    #expect(FreePixels.foreground == FreePixels(.foreground) && FreePixels.foreground.name == "foreground")
    #expect(FreePixels(.everywhere, threshold: 0.5) == .everywhere)
    #expect(FreePixels(.foreground, threshold: 0.5) == .brighter(than: 0.5))
    #expect(FreePixels.mask(foreground).name == "mask")
    #expect(FreePixels.foreground.threshold == nil && FreePixels.brighter(than: 0.5).threshold == 0.5)
  }

  @Test(arguments: [0, 0.2, 0.5, 1])
  func aThresholdIsExclusive(_ threshold: Double) {
    let found = FreePixels.brighter(than: threshold).mask(of: x, at: indices)?.elements
    let expected = images.pixels.map { Float($0) / 255 > Float(threshold) ? Float(1) : 0 }
    #expect(found == expected)
  }

  @Test func aMaskIsOfAllChannels() {
    let mask = PixelMask([1, 0, 0, 1, 0, 1], shape: [2, 1, 3])
    let colours = Tensor.zeros([2, 1, 3, 3])
    let region = FreePixels.mask(mask)
    #expect(
      region.mask(of: colours, at: [0, 1])?.elements == [
        1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1,
      ])
    #expect(
      region.mask(of: colours, at: [1, 1])?.elements == [
        1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1,
      ])
    #expect(FreePixels.everywhere.mask(of: colours, at: [0, 1]) == nil)
  }

  @Test func masksFitTheirImagesAlone() {
    let own = FreePixels.mask(Samples.mask(5))
    #expect(own.fits([5, 3, 4, 1]) && own.fits([5, 3, 4, 3]))
    #expect(!own.fits([4, 3, 4, 1]) && !own.fits([6, 3, 4, 1]) && !own.fits([5, 4, 3, 1]))
    #expect(own.prefix(3).fits([3, 3, 4, 1]) && own.at([4, 4]).fits([2, 3, 4, 1]))
    let shared = FreePixels.mask(PixelMask([UInt8](repeating: 1, count: 12), shape: [3, 4]))
    #expect(shared.fits([9, 3, 4, 1]) && !shared.fits([9, 4, 3, 1]) && shared.at([7]) == shared)
    #expect(FreePixels.foreground.fits([1, 9, 9, 1]) && FreePixels.everywhere.fits([1, 9, 9, 1]))
  }

  // MARK: - Under attack

  /// What changes is in the mask, bit for bit; random signs change each of its pixels that has room.
  @Test func eachImageHasItsOwnMask() {
    let mask = Samples.mask(Self.count)
    let after = attacked(SignNoise(), .mask(mask), epsilon: 0.1, on: images)
    let before = x
    for (index, (clean, value)) in zip(before.elements, before.bits).enumerated() {
      if mask.pixels[index] == 0 {
        #expect(after[index] == value, "pixel \(index)")
      } else if (0.1...0.9).contains(clean) {
        #expect(after[index] != value, "pixel \(index)")
      }
    }
  }

  /// The rule and the masks that it makes are one and the same to every attack.
  @Test(arguments: AttackCatalog.all)
  func aMaskOfTheForegroundIsTheForeground(_ attack: any Attack) {
    let byRule = attacked(attack, .foreground, epsilon: size(attack), on: images)
    #expect(attacked(attack, .mask(foreground), epsilon: size(attack), on: images) == byRule)
  }

  @Test(arguments: AttackCatalog.all)
  func oneMaskForAllImagesIsTheSameForEach(_ attack: any Attack) {
    let one = Array(Samples.mask(1).pixels)
    let each = PixelMask(
      [[UInt8]](repeating: one, count: Self.count).flatMap(\.self), shape: [Self.count, 3, 4])
    let shared = attacked(attack, .mask(PixelMask(one, shape: [3, 4])), epsilon: size(attack), on: images)
    #expect(attacked(attack, .mask(each), epsilon: size(attack), on: images) == shared)
  }

  /// Images in another order, and not all of them.
  @Test func aMaskFollowsItsImage() {
    let chosen = [17, 3, 22, 4, 9, 0]
    let region = FreePixels.mask(Samples.mask(Self.count))
    let all = attacked(FGSM(), region, epsilon: 0.1, on: images)
    let some = attacked(FGSM(), region.at(chosen), epsilon: 0.1, on: images.at(chosen), batchSize: 4)
    #expect(some == chosen.flatMap { all[$0 * Samples.size..<($0 + 1) * Samples.size] })
    let first = attacked(FGSM(), region.prefix(5), epsilon: 0.1, on: images.prefix(5))
    #expect(first == Array(all.prefix(5 * Samples.size)))
  }

  // MARK: - Certificates

  @Test func boundsHoldWithinTheMask() throws {
    let model = BoundedLinearClassifier(Samples.wide)
    let right = LabeledImages(
      name: images.name, split: .test, height: 3, width: 4, pixels: images.pixels,
      labels: model.predictions(on: images).map { UInt8($0) }, labelNames: images.labelNames)
    func certified(_ region: FreePixels) throws -> [[Bool]] {
      try IntervalCertificate(region: region, batchSize: 7)
        .certified(by: model, on: right, epsilons: [0, 0.01, 0.03, 0.1])
    }
    #expect(try certified(.mask(foreground)) == certified(.foreground))
    let none = PixelMask([UInt8](repeating: 0, count: Self.count * 12), shape: [Self.count, 3, 4])
    let closed = try certified(.mask(none))
    #expect(closed[3] == closed[0], "where nothing may change, every size is proven")
    let (own, whole) = (try certified(.mask(Samples.mask(Self.count))), try certified(.everywhere))
    for (part, all) in zip(own.joined(), whole.joined()) { #expect(part || !all) }
    #expect(own.joined().count { $0 } > whole.joined().count { $0 })
  }

  @Test func votesAreTakenWithinTheMask() throws {
    func certificates(_ region: FreePixels) throws -> [RandomizedSmoothing.Certificate] {
      try RandomizedSmoothing(deviation: 0.3, region: region, estimationSamples: 200, key: Key(seed: 1))
        .certificates(of: Samples.wide, on: images)
    }
    #expect(try certificates(.mask(foreground)) == certificates(.foreground))
    #expect(try certificates(.mask(Samples.mask(Self.count))) != certificates(.foreground))
  }
}
