import Classifier
import Datasets
import Files
import Network
import ONNX

/// What is to be known of a classifier from elsewhere, beyond its file.
public struct ClassifierReading {
  /// What its network wants of the pixels.
  public var preprocessing = Preprocessing()
  /// What its labels are called, in the order of its logits; nil for the names in the file.
  public var labelNames: [String]?
  /// The node whose values are its features; nil for the input of the last dense layer.
  public var features: String?
  /// What a file of PyTorch's weights (safetensors) is for; nil for files that say it.
  public var architecture: ClassifierArchitecture?
  /// Whether a classifier that is no better than chance is taken all the same.
  public var acceptsChance = false

  /// Pixels in [0, 1], and all else as the file says.
  public init() {}

  /// The classifier whose weights PyTorch wrote.
  func classifier(
    _ path: String, name: String, of architecture: ClassifierArchitecture, for images: LabeledImages
  ) throws(FileError) -> NeuralClassifier {
    try NeuralClassifier(
      pyTorchState: path, architecture, imageShape: Array(images.shape.dropFirst()),
      labelNames: labelNames ?? images.labelNames, name: name)
  }

  /// The classifier in an ONNX file, its logits in the order of the data's labels.
  func classifier(
    _ path: String, name: String, for images: LabeledImages
  ) throws(FileError) -> ForeignClassifier {
    try ForeignClassifier(
      contentsOf: path, name: name, imageShape: Array(images.shape.dropFirst()), labelNames: labelNames,
      dataLabels: images.labelNames, preprocessing: preprocessing, features: features)
  }
}
