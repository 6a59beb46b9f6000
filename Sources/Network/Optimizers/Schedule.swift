import Glibc

/// How the learning rate changes over a training of known length.
public enum Schedule: String, CaseIterable, Sendable, Codable {
  /// The full rate to the end.
  case constant
  /// From the full rate straight down to 0.
  case linear
  /// Half a cosine from the full rate down to 0 (Loshchilov and Hutter 2017, without restarts).
  case cosine

  /// The factor on the rate for step `step` (the first is 0) of `total`; over the first `warmup` steps the
  /// rate rises linearly to its full value.
  public func factor(step: Int, of total: Int, warmup: Int = 0) -> Float {
    if step < warmup { return Float(step + 1) / Float(warmup) }
    let progress = Double(step - warmup) / Double(max(1, total - warmup))
    switch self {
    case .constant: return 1
    case .linear: return Float(max(0, 1 - progress))
    case .cosine: return Float(0.5 * (1 + cos(.pi * min(1, progress))))
    }
  }
}
