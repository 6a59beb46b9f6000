import Datasets
import Files
import FoundationEssentials
import Generators

/// One thing to be scored: a generator, a checkpoint of one, or images in a file or folder.
public enum ScoreItem: Sendable {
  /// A generator's file, whose images have to be drawn first.
  case generator(path: String)
  /// A generator as it was after so many steps, one of those in a folder.
  case checkpoint(path: String, folder: String, step: Int)
  /// An array file, or a folder of pictures.
  case samples(path: String)

  /// A path as it was given; a folder of checkpoints stands for each of them, in the order of their steps.
  public static func items(_ path: String) -> [ScoreItem] {
    if path.pathExtension == "safetensors" { return [.generator(path: path)] }
    for folder in ["\(path)/checkpoints", path] {
      let steps = steps(in: folder)
      if !steps.isEmpty {
        return steps.map {
          .checkpoint(path: "\(folder)/\(CheckpointName.name(step: $0))", folder: path, step: $0)
        }
      }
    }
    // A colorizer is none, and says so itself.
    let whole = ["generator.safetensors", "colorizer.safetensors"].map { "\(path)/\($0)" }
      .first(where: FileManager.default.fileExists)
    return [whole.map { .generator(path: $0) } ?? .samples(path: path)]
  }

  /// The file of the generator; nil of images.
  public var generatorPath: String? {
    switch self {
    case .generator(let path), .checkpoint(let path, _, _): path
    case .samples: nil
    }
  }

  private static func steps(in folder: String) -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.compactMap(CheckpointName.step(of:)).sorted()
  }

  /// What draws the images, or has read them.
  ///
  /// - Throws: `FileError` for what is no generator, or no images.
  func source(_ settings: ScoreSettings, labelNames: [String], size: Int, channels: Int = 1) throws
    -> ScoredSource
  {
    if let path = generatorPath {
      return .drawn(try GeneratorSamples(contentsOf: path), settings, size: size)
    }
    guard case .samples(let path) = self else { preconditionFailure("ScoreItem: \(self) has no path") }
    var source = SampleSource(labelNames: labelNames)
    (source.size, source.channels) = (size, channels)
    source.pixelRange = settings.pixelRange.low...settings.pixelRange.high
    (source.grid, source.crops) = (settings.grid, settings.crops)
    source.settingNames = settings.settingNames
    return .read(ScoredImages(try source.load(path, labels: settings.labels)))
  }
}

/// How the things to be scored are drawn and read.
public struct ScoreSettings: Sendable {
  /// Images that each generator draws.
  public var count = 10_000
  /// What the drawing follows from.
  public var seed: UInt64 = 1
  /// How many sets of that many images each generator draws, with the seeds that follow (``DrawnSets``).
  public var sets = 1
  /// A file of labels for images; nil where they have none, or bring their own.
  public var labels: String?
  /// Black and white in arrays of floating-point numbers.
  public var pixelRange = PixelRange.unit
  /// How many images each picture holds; nil for one.
  public var grid: SampleGrid?
  /// Whether the middle of larger images is taken instead of all, resized.
  public var crops = false
  /// How notes on the images call these settings.
  public var settingNames = SampleSource.SettingNames()
  /// Whether the dense classifier is also trained on images that have labels
  /// (``ClassificationAccuracyScore``).
  public var trainsClassifier = false

  /// 10,000 images of each generator with the seed 1, and arrays in [0, 1].
  public init() {}
}

/// Images to be scored, and where they are from.
struct ScoredImages {
  let images: SampleImages
  /// Of the generator's file, or of the images' bytes.
  let sha256: String
  /// What they were drawn with; nil for images that were given.
  let seed: UInt64?

  init(_ images: SampleImages, sha256: String? = nil, seed: UInt64? = nil) {
    self.images = images
    self.sha256 = sha256 ?? SHA256.hex(of: Data(images.pixels))
    self.seed = seed
  }
}
