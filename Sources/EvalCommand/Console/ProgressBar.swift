import Figures
import Files
import FoundationEssentials
import Glibc

/// One line on stderr that follows a long piece of work; plain lines every few seconds where stderr is no
/// terminal.
struct ProgressBar {
  private let label: String
  let total: Int
  private let unit: String
  private var recent = RecentRate()
  private var lastShown: ContinuousClock.Instant?

  init(_ label: String, total: Int, unit: String) {
    self.label = label
    self.total = total
    self.unit = unit
  }

  /// Shows that `done` of the total are done. `detail` is what the work itself has to say, such as its loss.
  mutating func show(_ done: Int, detail: String = "") {
    let now = ContinuousClock.now
    let pause: Duration = Console.isInteractive ? .milliseconds(100) : .seconds(10)
    if let lastShown, now - lastShown < pause, done < total { return }
    lastShown = now
    let rate = recent.mark(done, at: now)
    let left = rate > 0 ? Self.clock(Double(total - done) / rate) : "–"
    let figures = "\(Int(100 * Double(done) / Double(max(1, total)))) %  \(Int(rate)) \(unit)/s  \(left) left"
    let text = "\(label)  \(figures)\(detail.isEmpty ? "" : "  \(detail)")"
    if Console.isInteractive {
      let width = 20
      let filled = width * done / max(1, total)
      let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
      rewrite("\(bar) \(text)")
    } else {
      Console.error(text)
    }
  }

  /// Removes the line from a terminal.
  func finish() {
    if Console.isInteractive { rewrite("") }
  }

  /// Puts a text in the place of the terminal's last line, which it must not fill: a line that wraps could
  /// not be rewritten. Spaces cover what was there, so that no escape code is needed.
  private func rewrite(_ text: String) {
    let width = max(1, (Console.columns ?? 80) - 1)
    let line = TerminalText.shortened(text, to: width)
    Console.show("\r\(TerminalText.pad(line, to: width))\r\(line)")
  }

  static func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    return whole >= 3600
      ? Text.formatted("%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
      : Text.formatted("%d:%02d", whole / 60, whole % 60)
  }
}
