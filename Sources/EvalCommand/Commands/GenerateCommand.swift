import ArgumentParser
import Experiments
import Generators
import Kernels
import Reports

/// `eval generate`: images from a trained generator, as a picture or as an array.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Draw images with a trained generator.",
    discussion: """
      The kind of the output follows from its name: .png is a grid of the pixels as they are, .npy an array of float32 \
      [count, height, width, 1] in [0, 1], with the labels of a conditional generator beside it in a second array \
      (…-labels.npy), .npz both in one file, as images and labels.
      """)

  @Option(
    help: ArgumentHelp(
      "A generator that eval train generator wrote, or the folder of its training.", valueName: "file"))
  var generator: String
  @Option(
    help: ArgumentHelp("What to draw, by name or number; for conditional generators.", valueName: "label"))
  var label: String?
  @Option(parsing: .unconditional, help: "How many images.")
  var count = 6
  @Option(parsing: .unconditional, help: "Everything random follows from it.")
  var seed: UInt64 = 1
  @Option(
    parsing: .unconditional,
    help: "A factor on the noise: below 1 the images are more typical and less varied.")
  var truncation: Float = 1
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Go in equal steps from the seed's noise to that of this seed.", valueName: "seed"))
  var interpolate: UInt64?
  @Option(help: ArgumentHelp("The picture or array to write.", valueName: "file"))
  var output: String
  @OptionGroup var inference: PrecisionOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    guard (1...1_000_000).contains(count) else {
      throw ValidationError("--count: expected 1 to 1000000 images, found \(count)")
    }
    guard truncation.isFinite, truncation >= 0 else {
      throw ValidationError("--truncation: expected a number of 0 or more, found \(truncation)")
    }
    guard DrawnImages.fileKinds.contains(DrawnImages.kind(of: output)) else {
      throw ValidationError("--output: expected a name that ends in .png, .npy or .npz, found \(output)")
    }
  }

  func run() throws {
    try compute.prepare()
    let generator = try Generator(contentsOf: RunFolder.weights(generator, "generator.safetensors"))
    let drawing = GeneratorDrawing(
      count: count, seed: seed, label: try label.map { try index(of: $0, in: generator) },
      truncation: truncation, lastSeed: interpolate)
    let images = inference.precision { drawing.images(of: generator) }
    try images.write(to: output)
    try print("\(output): \(count) images \(images.shape[1])×\(images.shape[2]) of \(generator.recipe.name)")
  }

  private func index(of label: String, in generator: Generator) throws -> Int {
    let names = generator.labelNames
    guard !names.isEmpty else {
      throw ValidationError(
        "--label: expected none, for \(generator.recipe.name) draws what it likes; found \(label)")
    }
    guard generator.recipe.knowsLabels else {
      if let index = Int(label), names.indices.contains(index) { return index }
      throw ValidationError(
        "--label: expected 0 to \(names.count - 1), for \(generator.recipe.name) gives numbers a meaning of its own; "
          + "found \(label)")
    }
    return try LabelArgument.index(label, in: names, option: "--label")
  }
}
