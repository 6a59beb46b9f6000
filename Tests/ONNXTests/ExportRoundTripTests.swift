import Autograd
import Classifier
import Files
import Foundation
import Kernels
import Network
import ONNX
import Testing

/// A classifier that was exported, and read again: the same operations, so the same bits.
@Suite struct ExportRoundTripTests {
  private static func expectTheSame(
    _ classifier: NeuralClassifier, sourceLocation: SourceLocation = #_sourceLocation
  )
    throws
  {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("onnx-\(UUID().uuidString)")
      .path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = try ExportedModel.classifier(
      classifier.network, name: classifier.name, imageShape: classifier.imageShape,
      labelNames: classifier.labelNames, manifest: "", version: "1")
    try model.write(to: "\(folder)/net.onnx")
    let foreign = try ForeignClassifier(contentsOf: "\(folder)/net.onnx", name: "net")
    #expect(foreign.imageShape == classifier.imageShape, sourceLocation: sourceLocation)
    #expect(foreign.labelNames == classifier.labelNames, sourceLocation: sourceLocation)
    for (seed, count) in [(1, 1), (2, 7)] {
      let images = Tensor.uniform([count] + classifier.imageShape, in: 0..<1, key: Key(seed: UInt64(seed)))
      let (own, other) = (classifier.logits(images).elements, foreign.logits(images).elements)
      #expect(own.map(\.bitPattern) == other.map(\.bitPattern), sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: ReferenceWeights.architectures)
  func theReferencesComeBack(_ architecture: ClassifierArchitecture) throws {
    try Self.expectTheSame(ReferenceWeights.classifier(architecture))
  }

  @Test(arguments: ClassifierArchitecture.allCases, [[28, 28, 1], [32, 31, 3], [9, 9, 1]])
  func freshOnesComeBack(_ architecture: ClassifierArchitecture, shape: [Int]) throws {
    try Self.expectTheSame(
      NeuralClassifier(architecture, imageShape: shape, labelNames: ["a", "ü", "\"c\""], key: Key(seed: 3)))
  }
}
