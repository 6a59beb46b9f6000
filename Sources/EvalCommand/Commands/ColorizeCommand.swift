import ArgumentParser
import Datasets
import Experiments
import Files
import FoundationEssentials
import Generators
import Glibc
import Reports

/// `eval colorize`: grey images in colour, and how well they are coloured.
struct ColorizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "colorize",
    abstract: "Colour grey images with a trained colorizer, and say how well it does.",
    discussion: """
      The source is a PNG or JPEG picture, a folder of them (in sub-folders named by label, or without labels), an array of \
      images (.npy, .npz) or IDX images; without one, the test images of the data set. Images are of 28×28 pixels, on black: \
      pictures of other sizes are made so (--fit), colour becomes grey first.

      The kind of the output follows from its name: .png is a picture (of several images, the first hundred with the grey \
      one on the left of each), .npy an array of bytes [count, 28, 28, 3], .npz that with the labels, and anything else a folder of \
      a PNG for each image, called as its source.

      Where the labels are known, so are the right colours, and the colorizer is judged: by the distance from them, by the \
      background that it leaves black, by whether the label can be told from the colour alone, and by what the shipped \
      classifiers make of the images made grey again. Beside it stand the right colours, those of the labels that a \
      classifier sees, and one mean colour for all.
      """)

  @Argument(help: ArgumentHelp("Grey images; the data set's test images if left out.", valueName: "source"))
  var source: String?
  @Option(
    help: ArgumentHelp(
      "A colorizer that eval train colorizer wrote, or the folder of its training.", valueName: "file"))
  var colorizer = "runs/colorizer"
  @Option(
    help: ArgumentHelp("The labels of an array or a folder of images, as .npy or .npz.", valueName: "file"))
  var labels: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The range of floating-point pixels in arrays.", valueName: "low...high"),
    transform: PixelRange.parse)
  var pixelRange: PixelRange = .unit
  @Option(help: "What to print on stdout of how well the images are coloured.")
  var format: OutputFormat = .table
  @Option(help: ArgumentHelp("The picture, array or folder to write.", valueName: "file"))
  var output: String?
  @OptionGroup var images: TestImageOptions
  @OptionGroup var compute: ComputeOptions

  func validate() throws {
    guard output?.isEmpty != true else {
      throw ValidationError("--output: expected a file or a folder, found an empty name")
    }
    if let output, let source, let place = FilePlace(output), place == FilePlace(source) {
      throw ValidationError("--output: expected another than the source, found \(output)")
    }
    if let output, !isFile(output), !output.pathExtension.isEmpty, FilePlace(output) == nil {
      throw ValidationError(
        "--output: expected a name that ends in .png, .npy or .npz, or that of a folder, found \(output)")
    }
    guard source != nil || labels == nil else {
      throw ValidationError("--labels: expected a source of images, found none")
    }
    guard source == nil || images.data.data == nil else {
      throw ValidationError("--data: expected no source beside a data set, found \(source ?? "")")
    }
  }

  func run() throws {
    try compute.prepare()
    let experiment = try ColorizationExperiment(contentsOf: colorizer)
    if let output, !isFile(output) { try OutputOptions.create(output) }
    let grey = try load(experiment)
    for note in grey.images.notes { Console.error("eval: note: \(note)") }
    let outcome = try experiment.run(on: grey, observer: Console.observer())
    if let output { try ColoredImages(outcome).write(to: output) }
    guard let result = outcome.result else {
      guard let output else {
        Console.error(
          "eval: note: the labels are not known, so nothing can be said; --output writes the images")
        return
      }
      let count = grey.images.count
      return try print("\(output): \(count) \(count == 1 ? "image" : "images") in colour")
    }
    try format.print(ColorizationReport(result))
  }

  private func isFile(_ path: String) -> Bool { DrawnImages.fileKinds.contains(DrawnImages.kind(of: path)) }

  private func load(_ experiment: ColorizationExperiment) throws -> GreyImages {
    let (colorizer, size) = (experiment.colorizer, Colorizer.size)
    guard let source else {
      let test = try images.load()
      guard test.shape.dropFirst() == [size, size, 1], test.labelNames == colorizer.labelNames else {
        throw FileError.malformed(
          path: images.data.data ?? test.name,
          expected:
            "grey images of \(size)×\(size) with the labels \(colorizer.labelNames.joined(separator: ", "))",
          found: "\(test.shape.dropFirst()) with \(test.labelNames.joined(separator: ", "))")
      }
      return GreyImages(test)
    }
    var reading = GreySource(labelNames: colorizer.labelNames, size: size)
    let pictures = images.data.pictures
    reading.fitting = PictureFitting(pictures.fit, size: size, background: pictures.background, isGrey: true)
    reading.pixelRange = pixelRange.low...pixelRange.high
    reading.settingNames.pixelRange = "--pixel-range"
    return try reading.load(source, labels: labels) { Console.error("eval: warning: \($0)") }
  }
}
