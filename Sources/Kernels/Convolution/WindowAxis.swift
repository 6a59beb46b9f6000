/// Where windows lie along one axis of an image: tap t of window i is at i·stride + t·dilation − before.
package struct WindowAxis: Sendable {
  /// The places of the axis; those outside are padding.
  package let size: Int
  /// The taps of a window.
  package let taps: Int
  /// The places from one window to the next, and from one tap to the next.
  package let stride, dilation: Int
  /// The places of padding before the first.
  package let before: Int
  /// The number of windows.
  package let windows: Int

  package init(size: Int, taps: Int, stride: Int, dilation: Int, before: Int, windows: Int) {
    self.size = size
    self.taps = taps
    self.stride = stride
    self.dilation = dilation
    self.before = before
    self.windows = windows
  }

  /// Where a tap of a window is.
  package func place(window: Int, tap: Int) -> Int { window * stride + tap * dilation - before }

  /// The taps of a window that are at `start` or after it and before `end`: by default those inside.
  package func taps(of window: Int, from start: Int = 0, below end: Int? = nil) -> Range<Int> {
    let place = place(window: window, tap: 0)
    let first = Self.steps(start - place, dilation)
    return first..<max(first, min(taps, Self.steps((end ?? size) - place, dilation)))
  }

  /// The windows whose tap `tap` is inside.
  package func windows(withTap tap: Int) -> Range<Int> {
    let start = place(window: 0, tap: tap)
    let first = Self.steps(-start, stride)
    return first..<max(first, min(windows, Self.steps(size - start, stride)))
  }

  /// The taps that are at a place, and their windows.
  package func meetings(at place: Int) -> [(tap: Int, window: Int)] {
    (0..<taps).compactMap { tap in
      let distance = place + before - tap * dilation
      guard distance >= 0, distance % stride == 0, distance / stride < windows else { return nil }
      return (tap, distance / stride)
    }
  }

  /// The steps that it takes to get `distance` far at least.
  private static func steps(_ distance: Int, _ step: Int) -> Int { max(0, (distance + step - 1) / step) }
}
