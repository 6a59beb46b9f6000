import Kernels
import Testing

/// Groups and dilations, at sizes that fill whole vectors and more than one chunk, against sums written out
/// in double precision. (Small shapes are checked against PyTorch in AutogradTests.)
@Suite(.serialized) struct GroupedConvolutionTests {
  struct Case: CustomStringConvertible, Sendable {
    let kernel, stride, dilation, size, inputs, outputs, groups, batch: Int
    var description: String {
      "\(kernel)×\(kernel) stride \(stride), dilation \(dilation), \(size)×\(size), \(inputs)→\(outputs) in "
        + "\(groups)"
    }

    /// One row of padding more above than below.
    var shape: ConvolutionShape {
      let output = (size + kernel - 2 - (kernel - 1) * dilation) / stride + 1
      return ConvolutionShape(
        batch: batch, height: size, width: size, inputChannels: inputs, kernelHeight: kernel,
        kernelWidth: kernel, outputChannels: outputs, strideHeight: stride, strideWidth: stride,
        top: kernel / 2, left: (kernel - 1) / 2, outputHeight: output, outputWidth: output,
        dilationHeight: dilation, dilationWidth: dilation, groups: groups)
    }
  }

  static let cases = [
    Case(kernel: 3, stride: 1, dilation: 1, size: 14, inputs: 32, outputs: 32, groups: 32, batch: 20),
    Case(kernel: 3, stride: 2, dilation: 1, size: 13, inputs: 24, outputs: 24, groups: 24, batch: 5),
    Case(kernel: 5, stride: 1, dilation: 1, size: 9, inputs: 20, outputs: 60, groups: 20, batch: 3),
    Case(kernel: 3, stride: 1, dilation: 2, size: 11, inputs: 16, outputs: 32, groups: 16, batch: 4),
    Case(kernel: 3, stride: 1, dilation: 1, size: 10, inputs: 64, outputs: 64, groups: 2, batch: 6),
    Case(kernel: 3, stride: 2, dilation: 1, size: 10, inputs: 24, outputs: 36, groups: 4, batch: 6),
    Case(kernel: 3, stride: 2, dilation: 2, size: 12, inputs: 16, outputs: 32, groups: 2, batch: 3),
    Case(kernel: 3, stride: 1, dilation: 2, size: 12, inputs: 32, outputs: 32, groups: 1, batch: 5),
    Case(kernel: 3, stride: 1, dilation: 3, size: 12, inputs: 3, outputs: 16, groups: 1, batch: 5),
  ]

  @Test(arguments: cases, [ProductPrecision.float32, .bfloat16])
  func agreesWithSumsWrittenOut(_ item: Case, _ precision: ProductPrecision) {
    let shape = item.shape
    let (x, w, dy) = operands(shape)
    var (y, dx, dw) = (
      [Double](repeating: 0, count: dy.count), [Double](repeating: 0, count: x.count),
      [Double](repeating: 0, count: w.count)
    )
    forEachProduct(shape) { i, k, o in
      y[o] += Double(x[i]) * Double(w[k])
      dx[i] += Double(dy[o]) * Double(w[k])
      dw[k] += Double(x[i]) * Double(dy[o])
    }
    let actual = results(shape, x, w, dy, precision)
    for (actual, expected) in zip(actual, [y, dx, dw]) {
      let scale = expected.map(\.magnitude).max() ?? 1
      let worst = zip(actual, expected).map { (Double($0) - $1).magnitude }.max() ?? .infinity
      #expect(actual.count == expected.count)
      #expect(worst <= (precision == .float32 ? 1e-5 : 1e-2) * scale, "off by \(worst / scale)")
    }
  }

  @Test(arguments: cases)
  func theSameBytesForAnyNumberOfThreads(_ item: Case) {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let (x, w, dy) = operands(item.shape)
    let all = [1, 2, 3].map { threads in
      Parallel.threads = threads
      return results(item.shape, x, w, dy, .float32)
    }
    #expect(all[0] == all[1])
    #expect(all[0] == all[2])
  }

  /// The epilogue sees each output once, when it is complete.
  @Test(arguments: cases)
  func whatFollowsIsAppliedOnce(_ item: Case) {
    let shape = item.shape
    let (x, w, dy) = operands(shape)
    let plain = results(shape, x, w, dy, .float32)[0]
    let then = [Float](unsafeUninitializedCapacity: dy.count) { y, count in
      guard let y = y.baseAddress else { return }
      Convolution.forward(
        shape, x, w, into: y,
        then: { outputs, pixels in
          for i in 0..<pixels * shape.outputChannels { outputs[i] += Float(i % shape.outputChannels) }
        })
      count = dy.count
    }
    let expected = plain.enumerated().map { $1 + Float($0 % shape.outputChannels) }
    #expect(then == expected)
  }

  private func operands(_ s: ConvolutionShape) -> (x: [Float], w: [Float], dy: [Float]) {
    func random(_ count: Int, _ seed: UInt64) -> [Float] {
      (0..<count).map { Float(Key(seed: seed).word($0) >> 40) * 0x1p-24 - 0.5 }
    }
    return (
      random(s.batch * s.height * s.width * s.inputChannels, 1),
      random(s.kernelHeight * s.kernelWidth * (s.inputChannels / s.groups) * s.outputChannels, 2),
      random(s.batch * s.outputHeight * s.outputWidth * s.outputChannels, 3)
    )
  }

  private func results(
    _ s: ConvolutionShape, _ x: [Float], _ w: [Float], _ dy: [Float], _ precision: ProductPrecision
  ) -> [[Float]] {
    func values(_ size: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
      let buffer = Buffer(count: size)
      buffer.pointer.update(repeating: .nan, count: size)
      body(buffer.pointer)
      return Array(UnsafeBufferPointer(start: buffer.pointer, count: size))
    }
    return [
      values(dy.count) { Convolution.forward(s, x, w, into: $0, precision: precision) },
      values(x.count) { Convolution.inputGradient(s, dy, w, into: $0, precision: precision) },
      values(w.count) { Convolution.weightGradient(s, x, dy, into: $0, precision: precision) },
    ]
  }

  /// Calls `body` with the places of each product in the input, the weights and the output.
  private func forEachProduct(_ s: ConvolutionShape, _ body: (Int, Int, Int) -> Void) {
    let (inputs, outputs) = (s.inputChannels / s.groups, s.outputChannels / s.groups)
    for n in 0..<s.batch {
      for i in 0..<s.outputHeight {
        for j in 0..<s.outputWidth {
          for a in 0..<s.kernelHeight {
            let y = i * s.strideHeight + a * s.dilationHeight - s.top
            guard (0..<s.height).contains(y) else { continue }
            for b in 0..<s.kernelWidth {
              let x = j * s.strideWidth + b * s.dilationWidth - s.left
              guard (0..<s.width).contains(x) else { continue }
              let input = ((n * s.height + y) * s.width + x) * s.inputChannels
              let output = ((n * s.outputHeight + i) * s.outputWidth + j) * s.outputChannels
              for o in 0..<s.outputChannels {
                for c in 0..<inputs {
                  body(
                    input + o / outputs * inputs + c,
                    ((a * s.kernelWidth + b) * inputs + c) * s.outputChannels + o, output + o)
                }
              }
            }
          }
        }
      }
    }
  }
}
