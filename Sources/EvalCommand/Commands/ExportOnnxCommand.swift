import ArgumentParser
import Experiments
import Files
import ONNX

/// `eval export-onnx`: a trained network for programs that are not from here.
struct ExportOnnxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export-onnx",
    abstract: "Write a classifier or a generator as ONNX, which other programs run.",
    discussion: """
      The file has opset 17 and takes a batch of any size. Pixels come in and go out in [0, 1], as \
      [N, channels, height, width]: what the network does to them is a part of its graph.

      A classifier makes logits of images. A generator makes images of noise; a conditional one also takes \
      labels, integers from 0 on, and infogan also codes in [-1, 1]. A colorizer makes images of grey ones. \
      The names of the labels, the distribution of the noise and the training are in the file's metadata.
      """)

  @Argument(
    help: ArgumentHelp(
      "A reference classifier (\(ClassifierSource.referenceNames.joined(separator: ", "))), a file of weights, "
        + "or the folder of a training.",
      valueName: "network"))
  var network: String
  @Option(help: ArgumentHelp("The file to write, such as conv.onnx.", valueName: "file"))
  var output: String

  func validate() throws {
    let name = output.lastPathComponent
    guard name.hasSuffix(".onnx"), name.count > 5 else {
      throw ValidationError("--output: expected a name that ends in .onnx, found \(output)")
    }
  }

  func run() throws {
    let model = try OnnxExport.model(of: network, version: EvalMain.configuration.version)
    let size = try model.write(to: output)
    try print("\(output): \(model.summary), \(Text.fixed(Double(size) / 1e6, 1)) MB")
  }
}
