import Glibc

/// How step sizes fall: from the first end to the second along half a cosine.
///
///     s(k) = b + (a - b)·(1 + cos(π·k/K))/2
func cosineFall(_ ends: (Float, Float), _ step: Int, of steps: Int) -> Float {
  ends.1 + (ends.0 - ends.1) * (1 + cos(.pi * Float(step) / Float(steps))) / 2
}
