import Datasets

/// How ε counts in the outside world, by what it measures.
extension PixelRange {
  /// ε as attacks count it: lengths in units of [0, 1], pixels and shares as they are.
  ///
  /// - Parameters:
  ///   - epsilon: in units of this range where the norm is L∞ or L2.
  ///   - norm: what ε measures; nil where it is a share.
  public func unitEpsilon(_ epsilon: Double, _ norm: Norm?) -> Float {
    norm == .linf || norm == .l2 ? unitEpsilon(epsilon) : Float(epsilon)
  }

  /// The largest ε that there is in images of `shape` `[H, W, C]`; nil where that depends on a shape that is
  /// not known.
  public func largestEpsilon(_ norm: Norm?, shape: [Int]?) -> Double? {
    let values = shape.map { Double($0.reduce(1, *)) }
    return switch norm {
    case .linf: width
    case .l2: values.map { width * $0.squareRoot() }
    case .l0: values
    case nil: 1
    }
  }

  /// What ε is, for readers: "ε in units of pixels in [0, 1]".
  public func unit(_ norm: Norm?) -> String {
    switch norm {
    case .linf: "ε in units of pixels in \(title)"
    case .l2: "ε as an L2 length of pixels in \(title)"
    case .l0: "ε in changed pixels"
    case nil: "ε as a share of the largest motion"
    }
  }
}
