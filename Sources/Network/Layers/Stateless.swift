import Autograd

/// A layer without parameters: a function with a name.
public class StatelessLayer: BoundedLayer {
  /// What is known of a function, so that boxes can be sent through it.
  public enum Kind: Sendable {
    /// Linear, no weight below 0: center and radius go through it by themselves.
    case weighting
    /// No element of the result falls where an input rises: the ends go through it.
    case rising
  }

  private let kind: Kind
  private let function: (Tensor, Pass) -> Tensor

  /// A layer that applies `function`, of which `kind` must be true: its bounds rely on that.
  public init(_ kind: Kind, _ function: @escaping (Tensor, Pass) -> Tensor) {
    self.kind = kind
    self.function = function
  }

  /// None: there is nothing to train.
  public var namedParameters: [(name: String, parameter: Parameter)] { [] }

  /// The function of `x`; few look at the pass, as dropout does.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { function(x, pass) }

  /// A box that contains the outputs for all inputs in `x`; how it is found follows from the ``Kind``.
  public func bounds(_ x: Interval, _ pass: Pass) -> Interval {
    switch kind {
    case .weighting: x.mappedByParts { function($0, pass) }
    case .rising: x.mappedByEnds { function($0, pass) }
    }
  }
}

/// `[N, …]` → `[N, the rest]`, in NHWC order.
public final class Flatten: StatelessLayer {
  /// Keeps the first axis, and makes one of all others.
  public init() { super.init(.weighting) { x, _ in x.flattened() } }
}

/// `[N, …]` → `[N] + shape`.
public final class Reshape: StatelessLayer {
  package let shape: [Int]

  /// Keeps the first axis; `shape` holds as many values as the others.
  public init(_ shape: [Int]) {
    self.shape = shape
    super.init(.weighting) { x, _ in x.reshaped([x.shape[0]] + shape) }
  }
}

/// ReLU and LeakyReLU as a layer of their own; dense and convolution layers also take them as an argument.
public final class Activate: StatelessLayer {
  package let activation: Activation

  /// Applies `activation` to every element.
  public init(_ activation: Activation) {
    self.activation = activation
    super.init(.rising) { x, _ in x.activated(activation) }
  }
}

/// Exponential linear unit.
public final class ELU: StatelessLayer {
  package let alpha: Float

  /// x where it is above 0, else alpha·(eˣ - 1).
  public init(alpha: Float = 1) {
    self.alpha = alpha
    super.init(.rising) { x, _ in x.elu(alpha: alpha) }
  }
}

/// Hyperbolic tangent.
public final class Tanh: StatelessLayer {
  /// Maps every element to between -1 and 1.
  public init() { super.init(.rising) { x, _ in x.tanh() } }
}

/// Logistic function.
public final class Sigmoid: StatelessLayer {
  /// Maps every element to 1 / (1 + e⁻ˣ), between 0 and 1.
  public init() { super.init(.rising) { x, _ in x.sigmoid() } }
}

/// Sets elements to zero with probability `rate` while training; center and radius of a box lose the same
/// ones.
public final class Dropout: StatelessLayer {
  /// What is left while training is divided by 1 - rate; inference changes nothing.
  ///
  /// - Parameter rate: from 0 to below 1.
  public init(rate: Float) {
    super.init(.weighting) { x, pass in
      guard case .training(let key, _) = pass else { return x }
      return x.dropout(rate: rate, key: key)
    }
  }
}

/// Each pixel becomes a block of factor × factor.
public final class UpsampleNearest: StatelessLayer {
  package let factor: Int

  /// `[N, H, W, C]` → `[N, H·factor, W·factor, C]`.
  public init(factor: Int) {
    self.factor = factor
    super.init(.weighting) { x, _ in x.upsampledNearest(factor: factor) }
  }
}

/// The largest pixel of each block of window × window.
public final class MaxPooling: StatelessLayer {
  package let window: Int

  /// `[N, H, W, C]` → `[N, ⌊H / window⌋, ⌊W / window⌋, C]`: rows and columns that fill no block are left out.
  ///
  /// - Parameter window: 1 or more, and not above H or W.
  public init(window: Int) {
    self.window = window
    super.init(.rising) { x, _ in x.maxPooled(window: window) }
  }
}

/// The mean over the pixels: `[N, H, W, C]` → `[N, C]`.
public final class GlobalAveragePooling: StatelessLayer {
  /// Takes images of any size.
  public init() { super.init(.weighting) { x, _ in x.mean(axes: [1, 2]) } }
}

/// The maximum over the pixels: `[N, H, W, C]` → `[N, C]`.
public final class GlobalMaxPooling: StatelessLayer {
  /// Takes images of any size.
  public init() { super.init(.rising) { x, _ in x.maximum(along: [1, 2]) } }
}

/// A fixed map of the values, such as from [0, 1] to [-1, 1]: x·scale + offset.
public final class Affine: BoundedLayer {
  package let scale, offset: Float

  /// The same two numbers for every element; `scale` may be negative.
  public init(scale: Float, offset: Float) {
    self.scale = scale
    self.offset = offset
  }

  /// None: neither number is trained.
  public var namedParameters: [(name: String, parameter: Parameter)] { [] }

  /// x·scale + offset, of the shape of `x`.
  public func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor { x.scaled(by: scale, plus: offset) }

  /// The box of the outputs for all inputs in `x`; its radius is scaled by |scale|.
  public func bounds(_ x: Interval, _ pass: Pass) -> Interval {
    Interval(center: self(x.center, pass), radius: x.radius * scale.magnitude)
  }
}

/// Nothing: in the place of a layer that a variant of a network does without.
public final class Identity: StatelessLayer {
  /// Takes any shape.
  public init() { super.init(.weighting) { x, _ in x } }
}
