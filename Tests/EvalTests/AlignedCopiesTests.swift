import Datasets
import Eval
import Kernels
import Testing

/// Copies that were moved or mirrored, and images that only look alike.
@Suite struct AlignedCopiesTests {
  private static let side = 28
  /// Pictures with a shape of their own in the middle, of different grey.
  private static let images = picture(seed: 1)

  private static func picture(seed: UInt64, count: Int = 40) -> [UInt8] {
    (0..<count * side * side).map { index in
      let (image, row, column) = (index / (side * side), index / side % side, index % side)
      let key = Key(seed: seed).derived(image)
      guard (5..<23).contains(row), (5..<23).contains(column) else { return 0 }
      return UInt8(key.word(row / 3 * 10 + column / 3) % 256)
    }
  }

  private func moved(_ images: [UInt8], down: Int, right: Int, isMirrored: Bool = false) -> [UInt8] {
    let side = Self.side
    return images.indices.map { index in
      let (image, row, column) = (index / (side * side), index / side % side, index % side)
      let from = (row - down, isMirrored ? side - 1 - (column - right) : column - right)
      guard (0..<side).contains(from.0), (0..<side).contains(from.1) else { return 0 }
      return images[(image * side + from.0) * side + from.1]
    }
  }

  private func copies(_ queries: [UInt8]) -> AlignedCopies {
    AlignedCopies(of: queries, in: Self.images, height: Self.side, width: Self.side)
  }

  @Test(arguments: [(0, 0), (1, 0), (0, -1), (2, 2), (-2, 1)], [false, true])
  func movedImagesAreFound(_ step: (Int, Int), _ isMirrored: Bool) {
    let found = copies(moved(Self.images, down: step.0, right: step.1, isMirrored: isMirrored))
    #expect(found.count == 40 && found.indices == Array(0..<40), "\(found.count)")
  }

  @Test func movedFurtherTheyAreNone() {
    #expect(copies(moved(Self.images, down: 4, right: 0)).count == 0)
  }

  @Test func otherImagesAreNone() { #expect(copies(Self.picture(seed: 2)).count == 0) }

  @Test func lightNoiseIsStillACopyAndStrongNoiseIsNot() {
    func noisy(_ strength: UInt64) -> [UInt8] {
      Self.images.enumerated().map { index, pixel in
        UInt8(min(255, UInt64(pixel) + Key(seed: 3).word(index) % strength))
      }
    }
    #expect(copies(noisy(6)).count == 40)
    #expect(copies(noisy(60)).count == 0)
  }

  @Test func anImageIsNoCopyOfItself() {
    func among(_ images: [UInt8]) -> AlignedCopies {
      AlignedCopies(among: images, height: Self.side, width: Self.side)
    }
    #expect(among(Self.images).count == 0)
    let size = Self.side * Self.side
    let twice = Self.images + moved(Array(Self.images.prefix(3 * size)), down: 1, right: 1)
    #expect(among(twice).count == 6)
    #expect(among(Array(Self.images.prefix(size))).count == 0)
    #expect(among([UInt8](repeating: 0, count: 5 * size)).count == 5)
  }

  @Test func threadsDoNotMatter() {
    let threads = Parallel.threads
    defer { Parallel.threads = threads }
    Parallel.threads = 1
    let one = copies(Self.picture(seed: 4))
    Parallel.threads = 2
    #expect(copies(Self.picture(seed: 4)) == one)
  }
}
