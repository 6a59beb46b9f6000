import Kernels

/// An array of 32-bit floating-point numbers with a shape.
///
/// A value type: row-major, contiguous, copied on write. Images are `[N, H, W, C]`. A tensor made by
/// ``tracked()``, and every tensor computed from one, remembers how it was computed, so that
/// ``gradients(of:wrt:createGraph:)`` can differentiate it; all others are constants and cost nothing more
/// than their numbers.
public struct Tensor {
  /// The size along each axis; `[]` is a scalar.
  public let shape: [Int]
  package private(set) var buffer: Buffer
  /// How the tensor was computed; nil for a constant.
  package let node: Node?

  package init(shape: [Int], buffer: Buffer, node: Node? = nil) {
    self.shape = shape
    self.buffer = buffer
    self.node = node
  }

  /// The number of elements.
  public var count: Int { buffer.count }
  /// The number of axes; 0 for a scalar.
  public var rank: Int { shape.count }
  /// True where gradients can flow to the tensor.
  public var isTracked: Bool { node != nil }

  package var pointer: UnsafePointer<Float> { UnsafePointer(buffer.pointer) }

  /// A tensor of the given elements, in row-major order.
  public init(_ elements: [Float], shape: [Int]) {
    precondition(
      elements.count == shape.product, "Tensor: \(elements.count) elements do not fill the shape \(shape)")
    self.init(shape: shape) { target in
      elements.withUnsafeBufferPointer { source in
        if let base = source.baseAddress { target.update(from: base, count: source.count) }
      }
    }
  }

  /// A scalar.
  public init(_ value: Float) { self.init([value], shape: []) }

  /// A tensor of one repeated value.
  public init(repeating value: Float, shape: [Int]) {
    self.init(shape: shape) { Elementwise.fill($0, count: shape.product, with: value) }
  }

  /// A tensor whose elements, `shape.product` of them, are written by `fill`. They are undefined before.
  public init(shape: [Int], fill: (UnsafeMutablePointer<Float>) -> Void) {
    let buffer = Buffer(count: shape.product)
    fill(buffer.pointer)
    self.init(shape: shape, buffer: buffer)
  }

  /// A tensor of zeros, a constant.
  public static func zeros(_ shape: [Int]) -> Tensor { Tensor(repeating: 0, shape: shape) }
  /// A tensor of ones, a constant.
  public static func ones(_ shape: [Int]) -> Tensor { Tensor(repeating: 1, shape: shape) }

  /// The elements in row-major order.
  public var elements: [Float] { withElements { Array($0) } }

  /// The only element of a tensor of one.
  public var scalar: Float {
    precondition(count == 1, "Tensor.scalar: the shape \(shape) holds \(count) elements")
    return withExtendedLifetime(buffer) { $0.pointer.pointee }
  }

  /// Calls `body` with the elements in row-major order; the pointer is valid only inside.
  public func withElements<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(buffer) {
      try body(UnsafeBufferPointer(start: buffer.pointer, count: count))
    }
  }

  /// Calls `body` with the elements for writing; other copies of the tensor keep the old ones.
  ///
  /// The tensor must be a constant: what was computed from a tracked one would no longer fit.
  public mutating func withMutableElements<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    precondition(!isTracked, "Tensor.withMutableElements: the tensor is tracked")
    if !isKnownUniquelyReferenced(&buffer) {
      let copy = Buffer(count: count)
      copy.pointer.update(from: buffer.pointer, count: count)
      buffer = copy
    }
    buffer.forgetDerived()
    return try withExtendedLifetime(buffer) {
      try body(UnsafeMutableBufferPointer(start: buffer.pointer, count: count))
    }
  }

  /// The same numbers as a new leaf that gradients can be taken with respect to.
  public func tracked() -> Tensor { Tensor(shape: shape, buffer: buffer, node: Node()) }

  /// The same numbers as a constant.
  public var detached: Tensor { node == nil ? self : Tensor(shape: shape, buffer: buffer) }
}

extension Tensor: CustomStringConvertible {
  /// The shape and the first elements, eight at most.
  public var description: String {
    let shown = elements.prefix(8).map { "\($0)" }.joined(separator: ", ")
    return "Tensor\(shape)(\(shown)\(count > 8 ? ", …" : ""))"
  }
}

extension Array where Element == Int {
  /// The number of elements of a shape.
  public var product: Int { reduce(1, *) }
}
