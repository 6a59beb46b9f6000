import ArgumentParser
import Classifier
import Datasets
import Experiments
import ONNX

extension Preprocessing.Layout: ExpressibleByArgument {}

/// What networks from elsewhere (ONNX) want of their pixels. A network that normalizes them itself needs none
/// of it.
struct PreprocessingOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Of an ONNX network: the range that its pixels are in, before a mean is taken off, such as 0...255; else 0...1.",
      valueName: "low...high"), transform: PixelRange.parse)
  var inputRange: PixelRange?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Of an ONNX network: what is taken off each pixel, in that range; one number, or one a channel.",
      valueName: "mean"), transform: EpsilonList.parse)
  var mean: EpsilonList?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Of an ONNX network: what each pixel is divided by then; one number, or one a channel.", valueName: "σ"),
    transform: EpsilonList.parse)
  var std: EpsilonList?
  @Option(
    help:
      "Of an ONNX network whose input says both: \(Preprocessing.Layout.allCases.map(\.rawValue).joined(separator: " or "))."
  )
  var layout: Preprocessing.Layout?
  @Flag(help: "Take an ONNX network that is no better than chance all the same.")
  var anyway = false

  func validate() throws {
    for (name, list) in [("mean", mean), ("std", std)] {
      guard let list else { continue }
      guard [1, 3].contains(list.values.count), list.values.allSatisfy(\.isFinite) else {
        throw ValidationError("--\(name): expected one number, or one a channel, found \(list.values.count)")
      }
    }
    if let lowest = std?.values.min(), lowest <= 0 {
      throw ValidationError("--std: expected numbers above 0, found \(lowest)")
    }
  }

  /// - Parameter labelNames: of the network, in the order of its logits.
  func reading(labels labelNames: [String]? = nil) -> ClassifierReading {
    var reading = ClassifierReading()
    if let inputRange { reading.preprocessing.inputRange = Float(inputRange.low)...Float(inputRange.high) }
    reading.preprocessing.mean = mean?.values.map(Float.init) ?? []
    reading.preprocessing.deviation = std?.values.map(Float.init) ?? []
    reading.preprocessing.layout = layout
    (reading.labelNames, reading.acceptsChance) = (labelNames, anyway)
    return reading
  }
}

/// Networks from elsewhere as classifiers: their pixels, and their labels.
struct ForeignOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Of an ONNX network: what its logits stand for, a file of one name a line. The names of the data in another order "
        + "put the logits in order. Else as the network's file says, or as the data.", valueName: "file"))
  var labels: String?
  @Option(
    help: ArgumentHelp(
      "Of a safetensors file of PyTorch's: what its weights are for, one of "
        + "\(ClassifierArchitecture.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "name"))
  var architecture: ClassifierArchitecture?
  @OptionGroup var preprocessing: PreprocessingOptions

  /// - Throws: `FileError` for a file of names that cannot be read.
  func reading() throws -> ClassifierReading {
    var reading = preprocessing.reading(labels: try labels.map { try LabelNames(contentsOf: $0).names })
    reading.architecture = architecture
    return reading
  }
}
