import Foundation
import Kernels
import Testing

/// The fast ways of computing a convolution against the lowered one. (All are checked against PyTorch in
/// AutogradTests, on small shapes.)
@Suite(.serialized) struct ConvolutionTests {
  struct Case: CustomStringConvertible, Sendable {
    let kernel, stride, top, size, inputs, outputs, batch: Int
    var description: String { "\(kernel)×\(kernel) stride \(stride), \(size)×\(size), \(inputs)→\(outputs)" }

    var shape: ConvolutionShape {
      let output = (size + stride - 1) / stride
      return ConvolutionShape(
        batch: batch, height: size, width: size + stride, inputChannels: inputs, kernelHeight: kernel,
        kernelWidth: kernel, outputChannels: outputs, strideHeight: stride, strideWidth: stride, top: top,
        left: top, outputHeight: output, outputWidth: output + 1)
    }
  }

  static let cases = [
    Case(kernel: 5, stride: 2, top: 1, size: 14, inputs: 64, outputs: 128, batch: 40),
    Case(kernel: 5, stride: 2, top: 2, size: 13, inputs: 16, outputs: 32, batch: 3),
    Case(kernel: 3, stride: 1, top: 1, size: 9, inputs: 64, outputs: 48, batch: 9),
    Case(kernel: 4, stride: 2, top: 1, size: 14, inputs: 64, outputs: 32, batch: 5),
    Case(kernel: 3, stride: 2, top: 0, size: 12, inputs: 32, outputs: 32, batch: 2),
    Case(kernel: 5, stride: 1, top: 2, size: 7, inputs: 128, outputs: 64, batch: 7),
    Case(kernel: 2, stride: 1, top: 0, size: 8, inputs: 64, outputs: 32, batch: 2),
    Case(kernel: 3, stride: 1, top: 1, size: 11, inputs: 32, outputs: 64, batch: 3),
  ]

  static let smallWindows = [
    Case(kernel: 5, stride: 2, top: 1, size: 28, inputs: 1, outputs: 64, batch: 19),
    Case(kernel: 4, stride: 2, top: 1, size: 9, inputs: 1, outputs: 16, batch: 3),
    Case(kernel: 3, stride: 1, top: 1, size: 8, inputs: 3, outputs: 48, batch: 5),
    Case(kernel: 1, stride: 1, top: 0, size: 4, inputs: 2, outputs: 32, batch: 1),
    Case(kernel: 2, stride: 2, top: 0, size: 7, inputs: 4, outputs: 80, batch: 20),
  ]

  static let fewOutputs = [
    Case(kernel: 7, stride: 1, top: 3, size: 9, inputs: 128, outputs: 1, batch: 3),
    Case(kernel: 3, stride: 1, top: 1, size: 8, inputs: 64, outputs: 3, batch: 5),
    Case(kernel: 5, stride: 1, top: 0, size: 11, inputs: 16, outputs: 5, batch: 2),
    Case(kernel: 4, stride: 1, top: 3, size: 6, inputs: 32, outputs: 7, batch: 1),
    Case(kernel: 1, stride: 1, top: 0, size: 5, inputs: 48, outputs: 10, batch: 4),
  ]

  @Test(.enabled(if: TiledProduct.isAvailable), arguments: fewOutputs)
  func mirroredAgreesWithLowering(_ item: Case) throws {
    try expectAgreesWithLowering(#require(MirroredConvolution(item.shape)), item)
  }

  /// What is applied to the outputs sees each of them once.
  @Test(.enabled(if: TiledProduct.isAvailable)) func mirroredAppliesWhatComesThen() throws {
    let item = Self.fewOutputs[1]
    let (mirrored, (x, w, dy)) = (try #require(MirroredConvolution(item.shape)), operands(item))
    let y = Buffer(count: dy.count)
    mirrored.forward(x.pointer, w.pointer, into: dy.pointer, then: nil)
    mirrored.forward(x.pointer, w.pointer, into: y.pointer) { outputs, pixels in
      for i in 0..<pixels * item.outputs { outputs[i] += 1 }
    }
    #expect((0..<y.count).allSatisfy { y.pointer[$0] == dy.pointer[$0] + 1 })
  }

  @Test(.enabled(if: TiledProduct.isAvailable), arguments: smallWindows)
  func directAgreesWithLowering(_ item: Case) throws {
    try expectAgreesWithLowering(#require(DirectConvolution(item.shape)), item)
  }

  /// - Parameter tolerance: by default the accuracy that DESIGN asks of a forward pass.
  private func expectAgreesWithLowering(
    _ fast: some ConvolutionMethod, _ item: Case, within tolerance: Float = 1e-5,
    at place: SourceLocation = #_sourceLocation
  ) {
    let (lowered, (x, w, dy)) = (LoweredConvolution(item.shape), operands(item))
    expectClose(
      dy.count, within: tolerance, { lowered.forward(x.pointer, w.pointer, into: $0, then: nil) },
      { fast.forward(x.pointer, w.pointer, into: $0, then: nil) }, at: place)
    expectClose(
      x.count, within: tolerance, { lowered.inputGradient(dy.pointer, w.pointer, into: $0) },
      { fast.inputGradient(dy.pointer, w.pointer, into: $0) }, at: place)
    expectClose(
      w.count, within: tolerance, { lowered.weightGradient(x.pointer, dy.pointer, into: $0) },
      { fast.weightGradient(x.pointer, dy.pointer, into: $0) }, at: place)
  }

  private func operands(_ item: Case) -> (x: Buffer, w: Buffer, dy: Buffer) {
    let shape = item.shape
    return (
      random(shape.batch * shape.height * shape.width * shape.inputChannels, 1),
      random(item.kernel * item.kernel * item.inputs * item.outputs, 2),
      random(shape.batch * shape.outputHeight * shape.outputWidth * shape.outputChannels, 3)
    )
  }

  @Test(arguments: cases)
  func winogradAgreesWithLowering(_ item: Case) throws {
    try expectAgreesWithLowering(#require(WinogradConvolution(item.shape)), item)
  }

  @Test(arguments: cases)
  func largeTilesAgreeWithLowering(_ item: Case) throws {
    try expectAgreesWithLowering(#require(WinogradConvolution(item.shape, tiles: .large)), item, within: 1e-4)
  }

  /// Large tiles are for the steps that ask for them, and for these alone.
  @Test func tilesAreLargeWhereAsked() throws {
    let item = Case(kernel: 5, stride: 1, top: 2, size: 7, inputs: 128, outputs: 64, batch: 7)
    let (shape, (x, w, _)) = (item.shape, operands(item))
    let count = shape.batch * shape.outputHeight * shape.outputWidth * shape.outputChannels
    func outputs(_ tiles: WinogradConvolution.Tiles) throws -> [Float] {
      let fast = try #require(WinogradConvolution(shape, tiles: tiles))
      return values(count) { fast.forward(x.pointer, w.pointer, into: $0, then: nil) }
    }
    func outputs() -> [Float] {
      values(count) { Convolution.forward(shape, x.pointer, w.pointer, into: $0) }
    }
    let (small, large) = (try outputs(.small), try outputs(.large))
    #expect((small != large) as Bool)
    #expect((outputs() == small) as Bool)
    let float32 = ProductPrecision.float32
    #expect(float32(tiles: .large) { outputs() == large })
    #expect(float32(tiles: .large) { float32 { outputs() == large } })
    #expect((outputs() == small) as Bool)
  }

  @Test func oddShapesAreLeftToLowering() {
    let item = Case(kernel: 5, stride: 2, top: 1, size: 28, inputs: 1, outputs: 64, batch: 1)
    #expect(WinogradConvolution(item.shape) == nil)
  }

  @Test func theSameBytesForAnyNumberOfThreads() throws {
    let before = Parallel.threads
    defer { Parallel.threads = before }
    let shape = Self.cases[0].shape
    let fast = try #require(WinogradConvolution(shape))
    let x = random(shape.batch * shape.height * shape.width * shape.inputChannels, 1)
    let dy = random(shape.batch * shape.outputHeight * shape.outputWidth * shape.outputChannels, 3)
    let results = [1, 2, 3].map { threads in
      Parallel.threads = threads
      return values(5 * 5 * 64 * 128) { fast.weightGradient(x.pointer, dy.pointer, into: $0) }
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
  }

  /// - Parameter tolerance: a share of the largest value expected.
  private func expectClose(
    _ count: Int, within tolerance: Float, _ expected: (UnsafeMutablePointer<Float>) -> Void,
    _ actual: (UnsafeMutablePointer<Float>) -> Void, at: SourceLocation = #_sourceLocation
  ) {
    let (expected, actual) = (values(count, expected), values(count, actual))
    let scale = expected.map(\.magnitude).max() ?? 1
    let worst = zip(expected, actual).map { ($0 - $1).magnitude }.max() ?? 0
    #expect(worst <= tolerance * scale, "off by \(worst / scale)", sourceLocation: at)
  }

  private func values(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
    let buffer = Buffer(count: count)
    body(buffer.pointer)
    return Array(UnsafeBufferPointer(start: buffer.pointer, count: count))
  }

  private func random(_ count: Int, _ seed: UInt64) -> Buffer {
    let buffer = Buffer(count: count)
    Key(seed: seed).forEachRun(count: count) { start, bits, n in
      for i in 0..<n { buffer.pointer[start + i] = Key.uniform(bits[i]) - 0.5 }
    }
    return buffer
  }
}
