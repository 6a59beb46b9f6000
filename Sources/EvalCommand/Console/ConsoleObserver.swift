import Experiments
import Figures
import Files
import Reports

extension Console {
  /// What standard output is laid out for.
  static var layout: Layout { Layout(width: width, hasColor: hasColor) }

  /// Shows an experiment's progress and notes on standard error.
  static func observer() -> Observer { ProgressDisplay().observer }
}

/// What work shows on standard error while it runs: a bar for the piece that is being done, and lines
/// between.
final class ProgressDisplay {
  private var label = ""
  private var bar: ProgressBar?

  /// Keeps this display for as long as it is kept itself.
  var observer: Observer {
    Observer(
      progress: { self.show($0) },
      note: { self.show(line: "eval: note: \($0)") },
      warning: { self.show(line: "eval: warning: \(FileError.worded($0))") })
  }

  /// Shows a line; the bar comes back below it.
  func show(line: String) {
    bar?.finish()
    Console.error(line)
  }

  private func show(_ progress: WorkProgress) {
    if progress.label != label || progress.total != bar?.total {
      bar?.finish()
      bar = ProgressBar(progress.label, total: progress.total, unit: progress.unit)
      label = progress.label
    }
    bar?.show(progress.done, detail: progress.detail)
    if progress.done >= progress.total {
      bar?.finish()
      (bar, label) = (nil, "")
    }
  }

  deinit { bar?.finish() }
}
