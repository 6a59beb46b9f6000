import Glibc

/// The C library's sine and cosine under names that Tensor's own methods do not hide.
enum Trigonometry {
  static func sine(_ angle: Double) -> Double { sin(angle) }
  static func cosine(_ angle: Double) -> Double { cos(angle) }
}
