/// How fast a piece of work goes now: over the last minute, or over the last ten marks where those are
/// farther apart.
///
/// A mean since the start would say for hours that a training is slow that was stopped once, or had to share
/// the cores for a while.
package struct RecentRate {
  /// What was done when, at least a second between two.
  private var marks: [(time: ContinuousClock.Instant, done: Int)] = []

  package init() {}

  /// Takes down what is `done`.
  ///
  /// - Returns: how much is done in a second; 0 at first.
  package mutating func mark(_ done: Int, at now: ContinuousClock.Instant) -> Double {
    while marks.count > Self.fewest, now - marks[1].time > Self.window { marks.removeFirst() }
    if marks.last.map({ now - $0.time >= .seconds(1) }) ?? true { marks.append((now, done)) }
    let first = marks[0]
    return Double(done - first.done) / max((now - first.time) / .seconds(1), 1e-9)
  }

  private static let window = Duration.seconds(60)
  private static let fewest = 10
}
