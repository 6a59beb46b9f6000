import Autograd
import Generators
import Kernels
import Testing

/// What a discriminator sees of images, against the definitions.
@Suite struct AugmentationTests {
  private static let (count, side, channels) = (40, 16, 3)
  private let images = Tensor.uniform(
    [Self.count, Self.side, Self.side, Self.channels], in: -1..<1, key: Key(seed: 1))
  private let augmentation = DifferentiableAugmentation()
  private let key = Key(seed: 2)

  private func value(_ x: [Float], _ image: Int, _ row: Int, _ column: Int, _ channel: Int) -> Float {
    let inside = (0..<Self.side).contains(row) && (0..<Self.side).contains(column)
    return inside ? x[((image * Self.side + row) * Self.side + column) * Self.channels + channel] : 0
  }

  /// Brightness, saturation and contrast one after the other, in double precision.
  @Test func coloursChangeAsThePaperSays() {
    let found = augmentation.recolored(images, key).elements
    let draws = (0..<3).map {
      Tensor.uniform([Self.count, 1, 1, 1], key: key.derived($0)).elements.map(Double.init)
    }
    let size = Self.side * Self.side * Self.channels
    for image in 0..<Self.count {
      var x = images.elements[image * size..<(image + 1) * size].map(Double.init)
      x = x.map { $0 + draws[0][image] - 0.5 }
      for pixel in stride(from: 0, to: size, by: 3) {
        let mean = (x[pixel] + x[pixel + 1] + x[pixel + 2]) / 3
        for i in pixel..<pixel + 3 { x[i] = (x[i] - mean) * 2 * draws[1][image] + mean }
      }
      let mean = x.reduce(0, +) / Double(size)
      x = x.map { ($0 - mean) * (draws[2][image] + 0.5) + mean }
      for i in 0..<size { #expect(abs(Double(found[image * size + i]) - x[i]) < 1e-5) }
    }
  }

  /// An eighth of 16 is 2.
  @Test func imagesMoveByUpToAnEighth() {
    let (before, after) = (images.elements, augmentation.translated(images, key).elements)
    var shifts: Set<[Int]> = []
    for image in 0..<Self.count {
      let fitting = (0..<25).map { [$0 / 5 - 2, $0 % 5 - 2] }.filter { shift in
        (0..<Self.side * Self.side * 3).allSatisfy { i in
          let (row, column, channel) = (i / 3 / Self.side, i / 3 % Self.side, i % 3)
          return value(after, image, row, column, channel)
            == value(before, image, row + shift[0], column + shift[1], channel)
        }
      }
      #expect(fitting.count == 1, "image \(image): \(fitting)")
      shifts.formUnion(fitting)
    }
    #expect(Set(shifts.map { $0[0] }) == Set(-2...2) && Set(shifts.map { $0[1] }) == Set(-2...2))
  }

  @Test func aSquareOfHalfTheSideIsCutOut() {
    let (before, after) = (images.elements, augmentation.cutout(images, key).elements)
    var areas: Set<Int> = []
    for image in 0..<Self.count {
      let cut = (0..<Self.side * Self.side).filter {
        value(after, image, $0 / Self.side, $0 % Self.side, 0) == 0
      }
      let (rows, columns) = (Set(cut.map { $0 / Self.side }), Set(cut.map { $0 % Self.side }))
      #expect(cut.count == rows.count * columns.count && rows.count <= 8 && columns.count <= 8)
      // The middle of the square lies within the image or at its end.
      #expect(rows.count >= 4 && columns.count >= 4)
      areas.insert(cut.count)
      for i in 0..<Self.side * Self.side where !cut.contains(i) {
        #expect(
          value(after, image, i / Self.side, i % Self.side, 1)
            == value(before, image, i / Self.side, i % Self.side, 1))
      }
    }
    #expect(areas.contains(64) && areas.count > 5)
  }

  /// It is linear but for a constant: the derivative in a direction is a difference.
  @Test func theGeneratorLearnsThroughIt() {
    let weights = Tensor.normal(images.shape, key: Key(seed: 3))
    let direction = Tensor.normal(images.shape, key: Key(seed: 4))
    for change in [augmentation, InstanceNoise(deviation: 0.3)] as [any InputAugmentation] {
      func score(_ x: Tensor) -> Tensor { (change(x, key: key) * weights).sum() }
      let x = images.tracked()
      let slope = (gradient(of: score(x), wrt: x) * direction).sum().scalar
      let difference = score(images + direction).scalar - score(images).scalar
      #expect(abs(slope - difference) < 1e-3 * max(1, abs(slope)), "\(change)")
    }
  }

  @Test func noiseIsAsLargeAsItIsSaidToBe() {
    let noise = (InstanceNoise(deviation: 0.1)(images, key: key) - images).elements.map(Double.init)
    let mean = noise.reduce(0, +) / Double(noise.count)
    let deviation = (noise.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(noise.count)).squareRoot()
    #expect(abs(mean) < 0.002 && abs(deviation - 0.1) < 0.002)
    #expect(
      InstanceNoise(deviation: 0.1)(images, key: key).elements
        == InstanceNoise(deviation: 0.1)(images, key: key).elements)
  }
}
