/// Zero in the place of numbers that are too small to change a weight.
///
/// The running mean of a gradient that stays at zero, such as that of a pixel which is black in every image,
/// shrinks step by step until it is denormal, and there it stays: nine tenths of the smallest number are
/// rounded to that number again. A processor takes many times as long for a vector that holds one.
///
/// The limits leave room to ε: a mean of 10⁻³⁰ over an ε of 10⁻⁸ is a step of 10⁻²², and a weight of 10⁻¹⁰
/// does not change by it. Gradients themselves are taken as they are.
enum Underflow {
  /// Of a running mean of gradients, 8·10⁻³¹: its product with a learning rate of 10⁻⁷ is not denormal.
  static let mean: Float = 0x1p-100
  /// Of a running mean of their squares, 8·10⁻³⁷.
  static let square: Float = 0x1p-120
}

extension Float {
  /// Zero where it is nearer to zero than `limit`; what is not a number stays.
  @inline(__always)
  func flushed(below limit: Float) -> Float { magnitude < limit ? 0 : self }
}
