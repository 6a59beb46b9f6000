import Autograd
import Foundation

/// One operation as PyTorch computed it in double precision; see Tests/Fixtures/make_fixtures.py.
struct OperationFixture: Decodable, CustomStringConvertible, Sendable {
  struct Array: Decodable, Sendable {
    let shape: [Int]
    let values: [Double]
    var tensor: Tensor { Tensor(values.map(Float.init), shape: shape) }
  }

  struct Attributes: Decodable, Sendable {
    let slope, alpha, beta, epsilon, exponent: Float?
    let axes, shape, permutation, before, after, start, size, strides, padding, outputSize: [Int]?
    let window, dilations: [Int]?
    let keepDimensions, transposeA, transposeB, approximated, roundsUp, countsPadding: Bool?
    let axis, rows, factor, groups: Int?
  }

  let name, op: String
  let attributes: Attributes
  let inputs: [Array]
  let indices: [Int]?
  let cotangent: Array
  let directions: [Array]
  let output: Array
  let gradients: [Array]
  let secondGradients: [Array]

  var description: String { "\(op): \(name)" }

  private struct File: Decodable { let cases: [OperationFixture] }

  static let all: [OperationFixture] = {
    guard
      let url = Bundle.module.url(forResource: "operations", withExtension: "json", subdirectory: "Fixtures"),
      let data = try? Data(contentsOf: url), let file = try? JSONDecoder().decode(File.self, from: data)
    else { return [] }
    return file.cases
  }()
}

/// How each operation of the fixtures is called here.
enum OperationCatalog {
  typealias Call = @Sendable (_ inputs: [Tensor], _ fixture: OperationFixture) -> Tensor

  static let calls: [String: Call] = [
    "negate": { x, _ in -x[0] },
    "exp": { x, _ in x[0].exp() },
    "log": { x, _ in x[0].log() },
    "squareRoot": { x, _ in x[0].squareRoot() },
    "square": { x, _ in x[0].square() },
    "reciprocal": { x, _ in x[0].reciprocal() },
    "absolute": { x, _ in x[0].absolute() },
    "relu": { x, _ in x[0].relu() },
    "leakyRelu": { x, f in x[0].leakyRelu(slope: f.attributes.slope ?? 0) },
    "elu": { x, f in x[0].elu(alpha: f.attributes.alpha ?? 1) },
    "tanh": { x, _ in x[0].tanh() },
    "sigmoid": { x, _ in x[0].sigmoid() },
    "softplus": { x, _ in x[0].softplus() },
    "erf": { x, _ in x[0].erf() },
    "erfc": { x, _ in x[0].erfc() },
    "gelu": { x, f in x[0].gelu(approximated: f.attributes.approximated ?? false) },
    "power": { x, f in x[0].power(f.attributes.exponent ?? 0) },
    "hardSigmoid": { x, f in
      x[0].hardSigmoid(alpha: f.attributes.alpha ?? 0, beta: f.attributes.beta ?? 0)
    },
    "hardSwish": { x, _ in x[0].hardSwish() },
    "prelu": { x, _ in x[0].prelu(slope: x[1]) },
    "add": { x, _ in x[0] + x[1] },
    "subtract": { x, _ in x[0] - x[1] },
    "multiply": { x, _ in x[0] * x[1] },
    "divide": { x, _ in x[0] / x[1] },
    "maximum": { x, _ in Tensor.maximum(x[0], x[1]) },
    "minimum": { x, _ in Tensor.minimum(x[0], x[1]) },
    "sum": { x, f in x[0].sum(axes: f.attributes.axes, keepDimensions: f.attributes.keepDimensions ?? false)
    },
    "mean": { x, f in x[0].mean(axes: f.attributes.axes, keepDimensions: f.attributes.keepDimensions ?? false)
    },
    "maximumAlong": { x, f in x[0].maximum(along: f.attributes.axes ?? []) },
    "minimumAlong": { x, f in x[0].minimum(along: f.attributes.axes ?? []) },
    "logSoftmax": { x, _ in x[0].logSoftmax() },
    "softmax": { x, _ in x[0].softmax() },
    "reshape": { x, f in x[0].reshaped(f.attributes.shape ?? []) },
    "transpose": { x, f in x[0].transposed(f.attributes.permutation ?? []) },
    "broadcast": { x, f in x[0].broadcast(to: f.attributes.shape ?? []) },
    "pad": { x, f in x[0].padded(before: f.attributes.before ?? [], after: f.attributes.after ?? []) },
    "slice": { x, f in x[0].sliced(start: f.attributes.start ?? [], size: f.attributes.size ?? []) },
    "concatenate": { x, f in Tensor.concatenate(x, axis: f.attributes.axis ?? 0) },
    "gatherRows": { x, f in x[0].gatherRows(f.indices ?? []) },
    "scatterAddRows": { x, f in x[0].scatterAddRows(f.indices ?? [], rows: f.attributes.rows ?? 0) },
    "matmul": { x, f in
      Tensor.matmul(
        x[0], x[1], transposeA: f.attributes.transposeA ?? false, transposeB: f.attributes.transposeB ?? false
      )
    },
    "dense": { x, _ in Tensor.dense(x[0], x[1], bias: x[2]) },
    "conv2d": { x, f in Tensor.convolution(x[0], x[1], f.geometry) },
    "conv2dTransposed": { x, f in
      let size = f.attributes.outputSize ?? []
      return Tensor.convolutionInputGradient(
        x[0], x[1], inputShape: [x[0].shape[0]] + size + [x[1].shape[2] * f.geometry.groups], f.geometry)
    },
    "maxPool": { x, f in x[0].maxPooled(window: f.attributes.factor ?? 1) },
    "maxPoolWindows": { x, f in x[0].maxPooled(f.pooling) },
    "averagePool": { x, f in
      x[0].averagePooled(f.pooling, countsPadding: f.attributes.countsPadding ?? false)
    },
    "upsampleNearest": { x, f in x[0].upsampledNearest(factor: f.attributes.factor ?? 1) },
    "batchNorm": { x, f in
      Tensor.batchNormalized(
        x[0], scale: x[1], offset: x[2], moments: x[0].channelMoments(), epsilon: f.attributes.epsilon ?? 0)
    },
    "softmaxCrossEntropy": { x, f in x[0].softmaxCrossEntropy(labels: f.indices ?? []) },
    "binaryCrossEntropyWithLogits": { x, _ in Tensor.binaryCrossEntropy(logits: x[0], targets: x[1]) },
    "meanSquaredError": { x, _ in Tensor.meanSquaredError(x[0], x[1]) },
    "meanAbsoluteError": { x, _ in Tensor.meanAbsoluteError(x[0], x[1]) },
  ]
}

extension OperationFixture {
  var geometry: ConvolutionGeometry {
    ConvolutionGeometry(
      strides: attributes.strides ?? [], padding: attributes.padding ?? [],
      dilations: attributes.dilations ?? [1, 1], groups: attributes.groups ?? 1)
  }

  var pooling: PoolingGeometry {
    PoolingGeometry(
      window: attributes.window ?? [], strides: attributes.strides ?? [], padding: attributes.padding ?? [],
      dilations: attributes.dilations ?? [], roundsUp: attributes.roundsUp ?? false)
  }
}
