import Corruptions
import Datasets
import Kernels
import Testing

/// What holds for every corruption of the catalogue.
@Suite struct CorruptionTests {
  private let images = CorruptionSamples.ellipses

  @Test func namesAreUniqueAndFound() {
    let names = CorruptionCatalog.all.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { CorruptionCatalog.named($0)?.name == $0 })
    #expect(CorruptionCatalog.named("bogus") == nil)
    #expect(CorruptionCatalog.all.allSatisfy { !$0.summary.isEmpty && !$0.source.isEmpty })
  }

  /// By a corruption that looks at neither, so that nothing but the check can stop it.
  @Test func severitiesOtherThanOneToFiveAndTinyImagesAreRefused() async {
    await #expect(processExitsWith: .success) { Self.invert(side: 8, severity: 5) }
    await #expect(processExitsWith: .failure) { Self.invert(side: 8, severity: 0) }
    await #expect(processExitsWith: .failure) { Self.invert(side: 8, severity: 6) }
    await #expect(processExitsWith: .failure) { Self.invert(side: 7, severity: 1) }
  }

  private static func invert(side: Int, severity: Int) {
    let image = CorruptionSamples.constant(0.5, side: side)
    _ = CorruptionCatalog.named("inverse")?.applied(to: image, severity: severity, key: Key(seed: 0))
  }

  @Test(arguments: CorruptionChoice.all, 1...5)
  func staysInTheUnitRangeAtAnySize(_ choice: CorruptionChoice, severity: Int) {
    for (height, width) in [(28, 28), (9, 9), (40, 40), (12, 31), (31, 12)] {
      if height != width, ["turn-left", "turn-right"].contains(choice.corruption.name) { continue }
      let image = GreyImage(
        height: height, width: width, pixels: (0..<height * width).map { Double($0 * 37 % 256) / 255 })
      for seed in 0..<4 {
        let result = choice.corruption.applied(to: image, severity: severity, key: Key(seed: UInt64(seed)))
        #expect((result.height, result.width) == (height, width))
        #expect(result.pixels.allSatisfy { (0...1).contains($0) })
        #expect(result != image)
      }
    }
  }

  @Test(arguments: CorruptionChoice.all)
  func keepsLabelsAndSaysWhatItIs(_ choice: CorruptionChoice) {
    let corrupt = images.corrupted(by: choice.corruption, severity: 2, key: Key(seed: 1))
    #expect(corrupt.name == "ellipses-\(choice.corruption.name)-2")
    #expect(corrupt.shape == images.shape)
    #expect(corrupt.labels == images.labels && corrupt.labelNames == images.labelNames)
    #expect(corrupt.split == images.split && corrupt.sha256.isEmpty)
  }

  /// Image 3 among all images is image 3 alone, whatever stands at the other places.
  @Test(arguments: CorruptionChoice.all)
  func anImageDependsOnItsOwnKeyOnly(_ choice: CorruptionChoice) {
    let key = Key(seed: 2)
    let all = images.corrupted(by: choice.corruption, severity: 3, key: key)
    #expect(
      images.prefix(5).corrupted(by: choice.corruption, severity: 3, key: key).pixels == all.prefix(5).pixels)
    let alone = GreyImage(bytes: images.image(at: 3), height: 28, width: 28)
    let corrupt = choice.corruption.applied(to: alone, severity: 3, key: key.derived(3))
    #expect(corrupt.bytes == Array(all.image(at: 3)))
  }

  /// The key decides what is random, and nothing else does.
  @Test(arguments: CorruptionChoice.all)
  func theKeyDecides(_ choice: CorruptionChoice) {
    let runs = [3, 3, 4].map {
      images.corrupted(by: choice.corruption, severity: 3, key: Key(seed: $0)).pixels
    }
    #expect(runs[0] == runs[1])
    let deterministic = [
      "gaussian-blur", "defocus-blur", "scale", "brightness", "contrast", "saturate", "inverse", "stripe",
      "canny-edges",
      "flip-left-right", "flip-up-down", "turn-left", "turn-right",
    ]
    #expect((runs[0] == runs[2]) == deterministic.contains(choice.corruption.name))
  }

  @Test(arguments: CorruptionChoice.those(.growing))
  func damageGrowsWithTheSeverity(_ choice: CorruptionChoice) {
    for images in [images, CorruptionSamples.fashion].compactMap(\.self) {
      let damages = (1...5).map { damage(choice.corruption, severity: $0, to: images) }
      #expect(damages[0] > 0)
      for (weaker, stronger) in zip(damages, damages.dropFirst()) {
        #expect(stronger > 1.01 * weaker, "\(images.name): \(damages)")
      }
    }
  }

  @Test(arguments: CorruptionChoice.those(.single))
  func aSingleStrengthIsTheSameAtEverySeverity(_ choice: CorruptionChoice) {
    let runs = (1...5).map { images.corrupted(by: choice.corruption, severity: $0, key: Key(seed: 5)).pixels }
    #expect(Set(runs).count == 1)
  }

  /// Were one of them in order after all, it should say so.
  @Test(.enabled(if: CorruptionSamples.fashion != nil), arguments: CorruptionChoice.those(.unordered))
  func whatIsCalledUnorderedIsNotInOrder(_ choice: CorruptionChoice) throws {
    let images = try #require(CorruptionSamples.fashion)
    let damages = (1...5).map { damage(choice.corruption, severity: $0, to: images) }
    #expect(Set(damages).count == 5)
    #expect(damages != damages.sorted(), "\(damages)")
  }

  /// The mean squared difference, in squares of 1/255.
  private func damage(_ corruption: any Corruption, severity: Int, to images: LabeledImages) -> Double {
    let corrupt = images.corrupted(by: corruption, severity: severity, key: Key(seed: 6))
    let squares = zip(images.pixels, corrupt.pixels).map { (Int($0) - Int($1)) * (Int($0) - Int($1)) }
    return Double(squares.reduce(0, +)) / Double(squares.count)
  }
}

/// The number of threads is one for the whole process, so these run one after the other.
@Suite(.serialized) struct CorruptionThreadTests {
  @Test(arguments: CorruptionChoice.all)
  func theNumberOfThreadsDoesNotMatter(_ choice: CorruptionChoice) {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let runs = [1, 2, 3].map { threads in
      Parallel.threads = threads
      return CorruptionSamples.ellipses.corrupted(by: choice.corruption, severity: 4, key: Key(seed: 7))
        .pixels
    }
    #expect(runs[0] == runs[1] && runs[1] == runs[2])
  }
}
