/// Convolution and its gradients in groups of channels, one group after the other: their channels are copied
/// out of the images, convolved as those of images of their own, and copied back.
package struct GroupedConvolution: ConvolutionMethod {
  private let shape: ConvolutionShape
  private let each: any ConvolutionMethod

  /// - Parameter each: computes the convolution of one group.
  package init(_ shape: ConvolutionShape, each: any ConvolutionMethod) {
    self.shape = shape
    self.each = each
  }

  package func forward(
    _ x: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    then epilogue: Convolution.Epilogue?
  ) {
    let part = Buffer(count: outputs.count)
    for group in 0..<shape.groups {
      let (x, w) = (inputs.part(x, group), weights.part(w, group))
      each.forward(x.pointer, w.pointer, into: part.pointer, then: nil)
      withExtendedLifetime((x, w)) { outputs.put(part, group, into: y) }
    }
    guard let epilogue else { return }
    Parallel.forEach(chunks: shape.batch) { epilogue(y + $0 * shape.outputCount, shape.pixels) }
  }

  package func inputGradient(
    _ dy: UnsafePointer<Float>, _ w: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>
  ) {
    let part = Buffer(count: inputs.count)
    for group in 0..<shape.groups {
      let (dy, w) = (outputs.part(dy, group), weights.part(w, group))
      each.inputGradient(dy.pointer, w.pointer, into: part.pointer)
      withExtendedLifetime((dy, w)) { inputs.put(part, group, into: dx) }
    }
  }

  package func weightGradient(
    _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, into dw: UnsafeMutablePointer<Float>
  ) {
    let part = Buffer(count: weights.count)
    for group in 0..<shape.groups {
      let (x, dy) = (inputs.part(x, group), outputs.part(dy, group))
      each.weightGradient(x.pointer, dy.pointer, into: part.pointer)
      withExtendedLifetime((x, dy)) { weights.put(part, group, into: dw) }
    }
  }

  private var inputs: ColumnGroups {
    ColumnGroups(
      rows: shape.batch * shape.height * shape.width, width: shape.inputChannels / shape.groups,
      of: shape.inputChannels)
  }
  private var outputs: ColumnGroups {
    ColumnGroups(
      rows: shape.batch * shape.pixels, width: shape.outputChannels / shape.groups, of: shape.outputChannels)
  }
  private var weights: ColumnGroups {
    ColumnGroups(
      rows: shape.windowCount, width: shape.outputChannels / shape.groups, of: shape.outputChannels)
  }
}

/// A matrix of `columns` columns, seen as groups of `width` columns each.
private struct ColumnGroups {
  let rows, width, columns: Int

  init(rows: Int, width: Int, of columns: Int) {
    self.rows = rows
    self.width = width
    self.columns = columns
  }

  /// The elements of one group.
  var count: Int { rows * width }

  /// A copy of one group, `[rows, width]`.
  func part(_ matrix: UnsafePointer<Float>, _ group: Int) -> Buffer {
    let part = Buffer(count: count)
    let target = part.pointer
    forEachRow { row in
      let source = matrix + (row &* columns &+ group &* width)
      for i in 0..<width { target[row &* width &+ i] = source[i] }
    }
    return part
  }

  /// Writes one group.
  func put(_ part: Buffer, _ group: Int, into matrix: UnsafeMutablePointer<Float>) {
    let source = part.pointer
    forEachRow { row in
      let target = matrix + (row &* columns &+ group &* width)
      for i in 0..<width { target[i] = source[row &* width &+ i] }
    }
  }

  @inline(__always)
  private func forEachRow(_ body: (Int) -> Void) {
    Parallel.forEach(count: rows, chunkSize: max(1, Parallel.elementsPerChunk / max(1, width))) {
      for row in $0 { body(row) }
    }
  }
}
