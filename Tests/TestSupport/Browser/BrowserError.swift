/// What can go wrong between a test and the browser: each says what was asked, and what came back.
package enum BrowserError: Error, Equatable, Sendable {
  /// There is no driver to ask. `reason` holds what it printed, where it printed anything.
  case notStarted(reason: String)
  /// The driver took the question and gave nothing back.
  case noAnswer(asked: String, reason: String)
  /// The driver refused. `kind` is its name for the failure, such as `no such element`.
  case refused(asked: String, kind: String, message: String)
  /// The driver answered something else than what was asked for.
  case unexpected(asked: String, answer: String)
  /// A script did not give true in time. `last` is what it gave, or why it failed, when last asked.
  case timedOut(script: String, seconds: Double, last: String)
}

extension BrowserError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notStarted(let reason): "the browser did not start: \(reason)"
    case .noAnswer(let asked, let reason): "\(asked): the driver did not answer: \(reason)"
    case .refused(let asked, let kind, let message): "\(asked): \(kind): \(message)"
    case .unexpected(let asked, let answer): "\(asked): unexpected answer: \(answer.prefix(1000))"
    case .timedOut(let script, let seconds, let last):
      "waited \(seconds) s for the script to give true: \(script) (last: \(last))"
    }
  }
}
