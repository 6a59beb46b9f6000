import Autograd
import Datasets
import Files
import Generators
import Kernels
import Network

/// Images drawn with a trained generator, as bytes.
public struct GeneratorSamples {
  /// The generator that draws.
  public let generator: Generator
  /// Its file, which the images are called by.
  public let path: String

  /// Loads the generator.
  ///
  /// - Throws: `FileError` for a file that is missing or no generator.
  public init(contentsOf path: String) throws {
    generator = try Generator(contentsOf: path)
    self.path = path
  }

  /// `count` images of size × size, the labels of a conditional generator in turn. The noise follows from
  /// `seed`, and is multiplied by `truncation`.
  ///
  /// Recipes of larger images learn from real ones with black around; the middle is what is judged. Labels
  /// that a generator made up itself are not those that the judges know: such images have none.
  ///
  /// - Throws: `FileError.malformed(path:expected:found:)` where the generator draws what is no number.
  public func images(
    count: Int, size: Int, seed: UInt64, truncation: Float = 1
  ) throws(FileError) -> SampleImages {
    images(
      pixels: try pixels(of: 0..<count, among: count, size: size, seed: seed, truncation: truncation),
      count: count, size: size)
  }

  /// The pixels of some of `count` images, as they are among all of them, `[n, size, size, C]`.
  ///
  /// - Throws: as ``images(count:size:seed:truncation:)``.
  func pixels(
    of range: Range<Int>, among count: Int, size: Int, seed: UInt64, truncation: Float = 1
  ) throws(FileError) -> [UInt8] {
    var latent = generator.recipe.latent(count, labels: labels(count), key: Key(seed: seed))[range]
    latent.noise = latent.noise * truncation
    let drawn = Generator.images(generator.network, latent)
    guard drawn.withElements({ $0.allSatisfy(\.isFinite) }) else {
      throw .malformed(
        path: path, expected: "a generator of images", found: "one that draws pixels that are no numbers")
    }
    return drawn.centered(size).withElements { $0.map { UInt8(($0 * 255).rounded()) } }
  }

  /// All images, of their pixels.
  func images(pixels: [UInt8], count: Int, size: Int) -> SampleImages {
    let own = generator.recipe.imageSize
    return SampleImages(
      source: path, height: size, width: size, channels: generator.recipe.channels, pixels: pixels,
      labels: generator.recipe.knowsLabels ? labels(count) : nil,
      range: .ofBytes((pixels.min() ?? 0)...(pixels.max() ?? 255), count: pixels.count),
      notes: own == size ? [] : ["the middle \(size)×\(size) of \(own)×\(own)"])
  }

  private func labels(_ count: Int) -> [Int]? {
    generator.labelNames.isEmpty ? nil : (0..<count).map { $0 % generator.labelNames.count }
  }
}

extension Tensor {
  /// The middle size × size pixels of images `[N, H, W, C]`.
  package func centered(_ size: Int) -> Tensor {
    guard shape[1] != size || shape[2] != size else { return self }
    return sliced(
      start: [0, (shape[1] - size) / 2, (shape[2] - size) / 2, 0], size: [shape[0], size, size, shape[3]])
  }
}
