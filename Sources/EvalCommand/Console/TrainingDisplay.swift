import Experiments

/// What a training shows on standard error: a bar, a line for each milestone, and warnings.
final class TrainingDisplay {
  private var bar: ProgressBar?

  /// Shows the progress, and notes as warnings.
  lazy var observer = Observer(
    progress: { [unowned self] progress in
      if bar == nil { bar = ProgressBar(progress.label, total: progress.total, unit: progress.unit) }
      bar?.show(progress.done, detail: progress.detail)
    },
    note: { Console.error("eval: warning: \($0)") })

  func show(line: String) {
    bar?.finish()
    Console.error(line)
  }

  func finish() { bar?.finish() }
}
