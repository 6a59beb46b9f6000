import Autograd
import Classifier
import Datasets
import Foundation
import Kernels
import Network
import Testing

/// Mirrored and shifted images, pixel by pixel.
@Suite struct AugmentationTests {
  private static let count = 40
  private static let indices = Array(0..<count)

  /// Images of 7×9×`channels`; black within `border` pixels of the edge.
  private static func images(border: Int, channels: Int = 1) -> LabeledImages {
    let (height, width) = (7, 9)
    var pixels: [UInt8] = []
    for i in 0..<count {
      for y in 0..<height {
        for x in 0..<width {
          let isInside = (border..<height - border).contains(y) && (border..<width - border).contains(x)
          for c in 0..<channels {
            pixels.append(isInside ? UInt8(1 + Key(seed: 5).word(((i * 7 + y) * 9 + x) * 3 + c) % 255) : 0)
          }
        }
      }
    }
    return LabeledImages(
      name: "tiny", split: .train, height: height, width: width, channels: channels, pixels: pixels,
      labels: .init(repeating: 0, count: count), labelNames: ["only"])
  }

  /// Image `i` as `[y][x][c]`, changed by hand.
  private static func moved(
    _ images: LabeledImages, _ i: Int, mirrored: Bool, down: Int, right: Int
  ) -> [Float] {
    let pixels = Array(images.image(at: i))
    return (0..<images.height).flatMap { y in
      (0..<images.width).flatMap { x -> [Float] in
        let (fromY, shifted) = (y - down, x - right)
        let fromX = mirrored ? images.width - 1 - shifted : shifted
        guard (0..<images.height).contains(fromY), (0..<images.width).contains(fromX) else {
          return [Float](repeating: 0, count: images.channels)
        }
        let start = (fromY * images.width + fromX) * images.channels
        return pixels[start..<start + images.channels].map { Float($0) / 255 }
      }
    }
  }

  @Test func noneIsTheIdentity() {
    let images = Self.images(border: 0, channels: 3)
    for augmentation in [Augmentation.none, Augmentation(mirrors: false, shift: 0)] {
      let batch = augmentation.batch(images, Self.indices, key: Key(seed: 1))
      #expect(batch.shape == images.shape)
      #expect(batch.elements == images.tensor(Self.indices).elements)
    }
  }

  @Test(arguments: [1, 3])
  func mirroringTwiceIsTheIdentity(channels: Int) {
    let images = Self.images(border: 0, channels: channels)
    let augmentation = Augmentation(mirrors: true, shift: 0)
    let once = augmentation.batch(images, Self.indices, key: Key(seed: 2))
    let mirrored = LabeledImages(
      name: "mirrored", split: .train, height: images.height, width: images.width, channels: channels,
      pixels: once.elements.map { UInt8(($0 * 255).rounded()) }, labels: images.labels, labelNames: ["only"])
    #expect(once.elements != images.tensor(Self.indices).elements)
    // The same key mirrors the same images again.
    let twice = augmentation.batch(mirrored, Self.indices, key: Key(seed: 2))
    #expect(twice.elements == images.tensor(Self.indices).elements)
  }

  /// Every image is one of the possible ones, and over many images all of them come up.
  @Test(arguments: [(true, 0), (false, 1), (true, 2), (false, 2)], [1, 3])
  func everyImageIsMirroredAndShiftedWithinBounds(_ choice: (mirrors: Bool, shift: Int), channels: Int) {
    let images = Self.images(border: 0, channels: channels)
    let augmentation = Augmentation(mirrors: choice.mirrors, shift: choice.shift)
    var seen: Set<[Int]> = []
    for seed in 0..<10 {
      let batch = augmentation.batch(images, Self.indices, key: Key(seed: UInt64(seed)))
      for i in Self.indices {
        let actual = batch.rows(i..<i + 1).elements
        var matches: [[Int]] = []
        for mirrored in choice.mirrors ? [false, true] : [false] {
          for down in -choice.shift...choice.shift {
            for right in -choice.shift...choice.shift
            where Self.moved(images, i, mirrored: mirrored, down: down, right: right) == actual {
              matches.append([mirrored ? 1 : 0, down, right])
            }
          }
        }
        #expect(matches.count == 1, "image \(i) of seed \(seed)")
        seen.formUnion(matches)
      }
    }
    let sides = 2 * choice.shift + 1
    #expect(seen.count == (choice.mirrors ? 2 : 1) * sides * sides)
  }

  @Test(arguments: [1, 2])
  func aBlackBorderKeepsTheSum(shift: Int) {
    let images = Self.images(border: shift)
    let batch = Augmentation(mirrors: true, shift: shift).batch(images, Self.indices, key: Key(seed: 3))
    for i in Self.indices {
      #expect(batch.rows(i..<i + 1).elements.sorted() == images.tensor([i]).elements.sorted())
    }
  }

  @Test func followsFromTheKeyAndThePlaceInTheBatch() {
    let images = Self.images(border: 0)
    let augmentation = Augmentation(mirrors: true, shift: 2)
    let batch = augmentation.batch(images, Self.indices, key: Key(seed: 6))
    #expect(augmentation.batch(images, Self.indices, key: Key(seed: 6)).elements == batch.elements)
    #expect(augmentation.batch(images, Self.indices, key: Key(seed: 7)).elements != batch.elements)
    let reversed = augmentation.batch(images, Self.indices.reversed(), key: Key(seed: 6))
    #expect(reversed.shape == batch.shape)
    // The same image at every place of the batch: not every place changes it alike.
    let repeated = augmentation.batch(images, [Int](repeating: 0, count: 20), key: Key(seed: 6))
    #expect(Set((0..<20).map { repeated.rows($0..<$0 + 1).elements }).count > 10)
  }

  /// A rectangle of 3 to 11 pixels a side, or as many as there are, is noise; the rest is as it was.
  @Test(arguments: [1, 3])
  func aRectangleIsErased(channels: Int) {
    let images = Self.images(border: 0, channels: channels)
    let batch = Augmentation(mirrors: false, shift: 0, erasing: 1).batch(
      images, Self.indices, key: Key(seed: 8))
    var sizes: Set<[Int]> = []
    for i in Self.indices {
      let (before, after) = (images.tensor([i]).elements, batch.rows(i..<i + 1).elements)
      let changed = before.indices.filter { before[$0] != after[$0] }.map { $0 / channels }
      let (rows, columns) = (changed.map { $0 / 9 }, changed.map { $0 % 9 })
      let height = (rows.max() ?? 0) - (rows.min() ?? 0) + 1
      let width = (columns.max() ?? 0) - (columns.min() ?? 0) + 1
      #expect(
        changed.count == height * width * channels && (3...7).contains(height) && (3...9).contains(width))
      #expect(after.allSatisfy { (0...1).contains($0) } && Set(after).count > height * width)
      sizes.insert([height, width])
    }
    #expect(sizes.count > 10)
  }

  @Test func asManyImagesAreErasedAsAskedFor() {
    let images = Self.images(border: 0)
    let erased = (0..<50).reduce(0) { sum, seed in
      let batch = Augmentation(mirrors: false, shift: 0, erasing: 0.3).batch(
        images, Self.indices, key: Key(seed: UInt64(seed)))
      return sum + Self.indices.count { batch.rows($0..<$0 + 1).elements != images.tensor([$0]).elements }
    }
    // 2000 draws: five standard deviations are 103.
    #expect((497...703).contains(erased))
  }
}
