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
    let labels = generator.labelNames.isEmpty ? nil : (0..<count).map { $0 % generator.labelNames.count }
    var latent = generator.recipe.latent(
      count, labels: labels, key: Key(seed: seed))
    latent.noise = latent.noise * truncation
    let drawn = Generator.images(generator.network, latent)
    guard drawn.withElements({ $0.allSatisfy(\.isFinite) }) else {
      throw .malformed(
        path: path, expected: "a generator of images", found: "one that draws pixels that are no numbers")
    }
    let notes =
      drawn.shape[1] == size ? [] : ["the middle \(size)×\(size) of \(drawn.shape[1])×\(drawn.shape[2])"]
    let pixels = drawn.centered(size).withElements { $0.map { UInt8(($0 * 255).rounded()) } }
    return SampleImages(
      source: path, height: size, width: size, channels: drawn.shape[3], pixels: pixels,
      labels: generator.recipe.knowsLabels ? labels : nil,
      range: .ofBytes((pixels.min() ?? 0)...(pixels.max() ?? 255), count: pixels.count), notes: notes)
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
