/// Sixteen `Float`s that one AVX-512 instruction works on: the unit of the hand-vectorised kernels.
typealias Lanes = SIMD16<Float>

extension Lanes {
  @inline(__always)
  init(at pointer: UnsafePointer<Float>) {
    self = UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
  }

  @inline(__always)
  func store(to pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: Lanes.self)
  }

  /// self + a·b, rounded once where the build has the instruction for it. Others
  /// would call the C library for every lane.
  @inline(__always)
  func adding(_ a: Lanes, times b: Lanes) -> Lanes {
    Processor.Code.multipliesAndAdds ? addingProduct(a, b) : self + a * b
  }
}
