// The conv classifier's two convolutions, each with its two gradients, on random numbers.
//
// The bare operations: no bias, no activation, no tape.

import Autograd
import Kernels

/// A convolution 5×5 with stride 2 and "same" padding of the conv classifier.
struct ConvolutionLayer {
  let name: String
  /// Rows and columns of the input; the output has half of them.
  let size: Int
  let inputs: Int
  let outputs: Int

  static let conv1 = ConvolutionLayer(name: "conv1", size: 28, inputs: 1, outputs: 64)
  static let conv2 = ConvolutionLayer(name: "conv2", size: 14, inputs: 64, outputs: 128)

  /// The same for the convolution and for each of its gradients.
  var operationsPerImage: Double { Double(2 * (size / 2) * (size / 2) * 25 * inputs * outputs) }
}

enum ConvolutionPart: String {
  case forward
  case inputGradient = "input gradient"
  case weightGradient = "weight gradient"
}

extension BenchmarkCase {
  static func convolution(
    _ name: String, _ layer: ConvolutionLayer, _ part: ConvolutionPart, batchSize: Int
  ) -> BenchmarkCase {
    BenchmarkCase(
      name: name,
      summary: "\(part.rawValue), 5×5 stride 2, \(layer.inputs) → \(layer.outputs) channels",
      operations: Double(batchSize) * layer.operationsPerImage
    ) { _ in
      let inputShape = [batchSize, layer.size, layer.size, layer.inputs]
      let weightShape = [5, 5, layer.inputs, layer.outputs]
      let outputShape = [batchSize, layer.size / 2, layer.size / 2, layer.outputs]
      let x = Tensor.uniform(inputShape, in: -1..<1, key: Key(seed: 1))
      let w = Tensor.uniform(weightShape, in: -1..<1, key: Key(seed: 2))
      let dy = Tensor.uniform(outputShape, in: -1..<1, key: Key(seed: 3))
      let geometry = ConvolutionGeometry.same(
        kernel: [5, 5], strides: [2, 2], size: [layer.size, layer.size])
      func compute() {
        switch part {
        case .forward: _ = Tensor.convolution(x, w, geometry)
        case .inputGradient: _ = Tensor.convolutionInputGradient(dy, w, inputShape: inputShape, geometry)
        case .weightGradient:
          _ = Tensor.convolutionWeightGradient(x, dy, weightShape: weightShape, geometry)
        }
      }
      return Work(warmUp: compute, run: compute)
    }
  }
}
