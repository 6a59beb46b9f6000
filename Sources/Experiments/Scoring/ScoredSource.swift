import Datasets
import Files
import Generators

/// Images that are there, or that are drawn when they are asked for.
enum ScoredSource {
  case drawn(GeneratorSamples, ScoreSettings, size: Int)
  case read(ScoredImages)

  var count: Int {
    switch self {
    case .drawn(_, let settings, _): settings.count
    case .read(let scored): scored.images.count
    }
  }

  var isDrawn: Bool { if case .drawn = self { true } else { false } }

  /// What was done to the images on the way.
  var notes: [String] { if case .read(let scored) = self { scored.images.notes } else { [] } }

  /// Rows, columns and channels of an image.
  var shape: [Int] {
    switch self {
    case .drawn(let samples, _, let size): [size, size, samples.generator.recipe.channels]
    case .read(let scored): [scored.images.height, scored.images.width, scored.images.channels]
    }
  }

  /// As results and errors call it.
  var name: String {
    switch self {
    case .drawn(let samples, _, _): samples.path
    case .read(let scored): scored.images.source
    }
  }

  /// Of the generator's file, or of the images' bytes.
  var sha256: String {
    switch self {
    case .drawn(let samples, _, _): samples.generator.weightsSHA256
    case .read(let scored): scored.sha256
    }
  }

  /// The pixels of some of the images, `[n, H, W, C]`.
  func pixels(_ range: Range<Int>) throws(FileError) -> [UInt8] {
    switch self {
    case .drawn(let samples, let settings, let size):
      return try samples.pixels(of: range, among: settings.count, size: size, seed: settings.seed)
    case .read(let scored):
      let values = shape.reduce(1, *)
      return Array(scored.images.pixels[range.lowerBound * values..<range.upperBound * values])
    }
  }

  /// All images, of the pixels of all.
  func images(_ pixels: [UInt8]) -> ScoredImages {
    switch self {
    case .drawn(let samples, let settings, let size):
      ScoredImages(
        samples.images(pixels: pixels, count: settings.count, size: size), sha256: sha256, seed: settings.seed
      )
    case .read(let scored): scored
    }
  }
}
