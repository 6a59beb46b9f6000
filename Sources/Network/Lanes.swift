/// A batch cut into lanes, whose gradients are added in a fixed order, whoever computes them.
///
/// The rows 0..<n of a batch fall into L = 1, 2, 4 or 8 runs of equal length (the first ones a row longer).
/// Lane l has the gradient gₗ of its part of the loss, and the sum is a tree over neighbours,
///
///     g = ((g₀ + g₁) + (g₂ + g₃)) + ((g₄ + g₅) + (g₆ + g₇))
///
/// R processes, R a divisor of L, take L / R lanes each: every process adds up its own branch, the branches
/// are gathered, and all processes add them in the same order. So the bytes are the same for any R. L itself
/// decides the bytes: another number of lanes is another training.
///
/// What a step computes over a whole batch, such as the statistics of batch normalization, lanes do not know.
public struct Lanes {
  /// L: 1, 2, 4 or 8.
  public let count: Int
  /// What exchanges numbers with the other processes; nil for a process that has all lanes.
  public let exchange: (any LaneExchange)?

  /// The numbers of lanes that there may be.
  public static let counts = [1, 2, 4, 8]

  /// Lanes of one process, or of several.
  ///
  /// - Precondition: `count` is one of ``counts``, and a multiple of the processes.
  public init(_ count: Int, exchange: (any LaneExchange)? = nil) {
    precondition(
      Self.counts.contains(count) && count % (exchange?.size ?? 1) == 0,
      "Lanes: \(count) lanes in \(exchange?.size ?? 1) processes")
    (self.count, self.exchange) = (count, exchange)
  }

  /// The lanes of this process.
  public var own: Range<Int> {
    let size = count / (exchange?.size ?? 1)
    let first = (exchange?.rank ?? 0) * size
    return first..<first + size
  }

  /// The rows of a lane in a batch of `count`.
  public func rows(of lane: Int, in batch: Int) -> Range<Int> {
    let (size, longer) = (batch / count, batch % count)
    let start = lane * size + min(lane, longer)
    return start..<start + size + (lane < longer ? 1 : 0)
  }

  /// The sum over all lanes of all processes.
  ///
  /// - Parameter values: of one of ``own``; equally many of each lane.
  public func sum(_ values: (_ lane: Int) -> [Float]) -> [Float] {
    let branch = Self.sum(own.lowerBound, own.count, values)
    guard let exchange else { return branch }
    let branches = exchange.gather(branch)
    return Self.sum(0, branches.count) { branches[$0] }
  }

  /// The tree over `count` neighbours from `first` on; `count` is a power of two.
  private static func sum(_ first: Int, _ count: Int, _ values: (Int) -> [Float]) -> [Float] {
    guard count > 1 else { return values(first) }
    var left = sum(first, count / 2, values)
    let right = sum(first + count / 2, count / 2, values)
    precondition(left.count == right.count, "Lanes: \(left.count) and \(right.count) values")
    left.withUnsafeMutableBufferPointer { left in
      right.withUnsafeBufferPointer { right in
        for index in 0..<left.count { left[index] += right[index] }
      }
    }
    return left
  }
}

/// Processes that do the same steps at the same time.
public protocol LaneExchange: AnyObject {
  /// Which of the processes this is, from 0.
  var rank: Int { get }
  /// How many there are.
  var size: Int { get }

  /// The numbers of all processes, in the order of their ranks. Every process calls it with equally many.
  ///
  /// Where a process is lost, the others end, too: there is nothing that they could do alone.
  func gather(_ values: [Float]) -> [[Float]]
}
