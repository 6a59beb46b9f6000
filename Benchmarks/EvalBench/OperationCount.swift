// How many floating-point operations the classifiers need for one image.
//
// Counts matrix products and direct convolutions only (a multiplication and an addition are two):
// activations, dropout, the loss and the optimizer count nothing. A rate thus says how the whole job compares
// with bare products; it does not say how many operations the processor really did (Winograd's algorithm does
// fewer).

import Classifier

struct OperationCount {
  /// Operations of each layer with weights, from the image to the logits.
  private let layers: [Double]

  init(_ architecture: ClassifierArchitecture) {
    switch architecture {
    case .dense: layers = [2 * 784 * 128, 2 * 128 * 10]
    case .conv, .convReLU:
      layers = [
        ConvolutionLayer.conv1.operationsPerImage, ConvolutionLayer.conv2.operationsPerImage,
        2 * 7 * 7 * 128 * 10,
      ]
    case .resnet:
      func convolution(_ size: Double, _ taps: Double, _ inputs: Double, _ outputs: Double) -> Double {
        2 * size * size * taps * inputs * outputs
      }
      layers = [
        convolution(28, 9, 1, 32), convolution(28, 9, 32, 64), 2 * convolution(14, 9, 64, 64),
        convolution(14, 9, 64, 128), 2 * convolution(7, 9, 128, 128), convolution(7, 1, 128, 32),
        2 * 7 * 7 * 32 * 128, 2 * 128 * 10,
      ]
    }
  }

  /// Logits.
  var forward: Double { layers.reduce(0, +) }

  /// Logits and the gradient with respect to the image, as an attack needs it.
  var inputGradient: Double { 2 * forward }

  /// Logits and the gradients with respect to the weights: the first layer passes no gradient on to the
  /// image.
  var trainingStep: Double { 3 * forward - (layers.first ?? 0) }
}
