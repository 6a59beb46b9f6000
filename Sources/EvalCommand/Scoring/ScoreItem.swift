import ArgumentParser
import Datasets
import Experiments
import Files
import Foundation

/// One thing to be scored.
enum ScoreItem {
  case generator(path: String)
  /// A generator as it was after so many steps, one of those in a folder.
  case checkpoint(path: String, folder: String, step: Int)
  case samples(path: String)

  /// A path as it was given; a folder of checkpoints stands for each of them, in the order of their steps.
  static func items(_ path: String) -> [ScoreItem] {
    if (path as NSString).pathExtension == "safetensors" { return [.generator(path: path)] }
    for folder in ["\(path)/checkpoints", path] {
      let steps = steps(in: folder)
      if !steps.isEmpty {
        return steps.map {
          .checkpoint(path: "\(folder)/\(CheckpointName.name(step: $0))", folder: path, step: $0)
        }
      }
    }
    let whole = "\(path)/generator.safetensors"
    return [FileManager.default.fileExists(atPath: whole) ? .generator(path: whole) : .samples(path: path)]
  }

  private static func steps(in folder: String) -> [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.compactMap(CheckpointName.step(of:)).sorted()
  }

  func load(
    _ command: ScoreCommand, _ scorer: Scorer
  ) throws -> (images: SampleImages, sha256: String, seed: UInt64?) {
    switch self {
    case .generator(let path), .checkpoint(let path, _, _):
      guard command.labels == nil else {
        throw ValidationError("--labels: expected an array of images, found the generator \(path)")
      }
      guard command.grid == nil, !command.crop else {
        throw ValidationError(
          "\(command.grid == nil ? "--crop" : "--grid"): expected pictures, found the generator \(path)")
      }
      let samples = try GeneratorSamples(contentsOf: path)
      let images = try samples.images(count: command.count, size: scorer.size, seed: command.seed)
      return (images, samples.generator.weightsSHA256, command.seed)
    case .samples(let path):
      var source = SampleSource(labelNames: scorer.labelNames)
      source.size = scorer.size
      source.pixelRange = command.pixelRange.low...command.pixelRange.high
      (source.grid, source.crops) = (command.grid, command.crop)
      let images = try source.load(path, labels: command.labels)
      return (images, SHA256.hex(of: Data(images.pixels)), nil)
    }
  }
}
