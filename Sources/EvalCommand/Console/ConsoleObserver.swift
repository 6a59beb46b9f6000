import Experiments
import Figures
import Reports

extension Console {
  /// What standard output is laid out for.
  static var layout: Layout { Layout(width: width, hasColor: hasColor) }

  /// Shows an experiment's progress and notes on standard error: a bar a piece of work.
  static func observer() -> Observer {
    let display = ProgressDisplay()
    return Observer(
      progress: { display.show($0) },
      note: { note in
        display.finish()
        error("eval: note: \(note)")
      },
      warning: { warning in
        display.finish()
        error("eval: warning: \(warning)")
      })
  }
}

/// The bar of the piece of work that is being done.
private final class ProgressDisplay {
  private var label = ""
  private var bar: ProgressBar?

  func show(_ progress: WorkProgress) {
    if progress.label != label {
      finish()
      bar = ProgressBar(progress.label, total: progress.total, unit: progress.unit)
      label = progress.label
    }
    bar?.show(progress.done, detail: progress.detail)
    if progress.done >= progress.total { finish() }
  }

  func finish() {
    bar?.finish()
    (bar, label) = (nil, "")
  }

  deinit { bar?.finish() }
}
